Attribute VB_Name = "DhHost"
' The calls that only Office and Windows know, each behind one small function; every interpreter that runs these
' sources has a module with the same signatures in its place. No decision is taken here.
Option Explicit

#If VBA7 Then
Private Declare PtrSafe Sub SleepFor Lib "kernel32" Alias "Sleep" (ByVal ms As Long)
Private Declare PtrSafe Function EnvironmentValue Lib "kernel32" Alias "GetEnvironmentVariableW" (ByVal name As LongPtr, ByVal buffer As LongPtr, ByVal size As Long) As Long
Private Declare PtrSafe Function WideToBytes Lib "kernel32" Alias "WideCharToMultiByte" (ByVal page As Long, ByVal flags As Long, ByVal wide As LongPtr, ByVal wideCount As Long, ByVal bytes As LongPtr, ByVal byteCount As Long, ByVal fallback As LongPtr, ByVal used As LongPtr) As Long
Private Declare PtrSafe Function BytesToWide Lib "kernel32" Alias "MultiByteToWideChar" (ByVal page As Long, ByVal flags As Long, ByVal bytes As LongPtr, ByVal byteCount As Long, ByVal wide As LongPtr, ByVal wideCount As Long) As Long
Private Declare PtrSafe Function ShowMessage Lib "user32" Alias "MessageBoxW" (ByVal owner As LongPtr, ByVal text As LongPtr, ByVal caption As LongPtr, ByVal kind As Long) As Long
Private Declare PtrSafe Function OpenByShell Lib "shell32" Alias "ShellExecuteW" (ByVal owner As LongPtr, ByVal verb As LongPtr, ByVal address As LongPtr, ByVal parameters As LongPtr, ByVal folder As LongPtr, ByVal show As Long) As LongPtr
Private Declare PtrSafe Function KeyState Lib "user32" Alias "GetAsyncKeyState" (ByVal key As Long) As Integer
Private Declare PtrSafe Function FrontWindow Lib "user32" Alias "GetForegroundWindow" () As LongPtr
Private Declare PtrSafe Function OwnActiveWindow Lib "user32" Alias "GetActiveWindow" () As LongPtr
Private Declare PtrSafe Function WindowProcess Lib "user32" Alias "GetWindowThreadProcessId" (ByVal window As LongPtr, ByRef process As Long) As Long
Private Declare PtrSafe Function OwnProcess Lib "kernel32" Alias "GetCurrentProcessId" () As Long
#Else
Private Declare Sub SleepFor Lib "kernel32" Alias "Sleep" (ByVal ms As Long)
Private Declare Function EnvironmentValue Lib "kernel32" Alias "GetEnvironmentVariableW" (ByVal name As Long, ByVal buffer As Long, ByVal size As Long) As Long
Private Declare Function WideToBytes Lib "kernel32" Alias "WideCharToMultiByte" (ByVal page As Long, ByVal flags As Long, ByVal wide As Long, ByVal wideCount As Long, ByVal bytes As Long, ByVal byteCount As Long, ByVal fallback As Long, ByVal used As Long) As Long
Private Declare Function BytesToWide Lib "kernel32" Alias "MultiByteToWideChar" (ByVal page As Long, ByVal flags As Long, ByVal bytes As Long, ByVal byteCount As Long, ByVal wide As Long, ByVal wideCount As Long) As Long
Private Declare Function ShowMessage Lib "user32" Alias "MessageBoxW" (ByVal owner As Long, ByVal text As Long, ByVal caption As Long, ByVal kind As Long) As Long
Private Declare Function OpenByShell Lib "shell32" Alias "ShellExecuteW" (ByVal owner As Long, ByVal verb As Long, ByVal address As Long, ByVal parameters As Long, ByVal folder As Long, ByVal show As Long) As Long
Private Declare Function KeyState Lib "user32" Alias "GetAsyncKeyState" (ByVal key As Long) As Integer
Private Declare Function FrontWindow Lib "user32" Alias "GetForegroundWindow" () As Long
Private Declare Function OwnActiveWindow Lib "user32" Alias "GetActiveWindow" () As Long
Private Declare Function WindowProcess Lib "user32" Alias "GetWindowThreadProcessId" (ByVal window As Long, ByRef process As Long) As Long
Private Declare Function OwnProcess Lib "kernel32" Alias "GetCurrentProcessId" () As Long
#End If

' Windows' number of UTF-8.
Private Const UTF8_PAGE As Long = 65001
' The Escape key.
Private Const ESCAPE_KEY As Long = 27

' A COM object by its name.
Public Function DhNew(ByVal progId As String) As Object
    Set DhNew = CreateObject(progId)
End Function

' An environment variable, "" where it is not set. Environ would lose letters outside the system's code page.
Public Function DhEnvironment(ByVal name As String) As String
    Dim size As Long
    Dim buffer As String
    size = EnvironmentValue(StrPtr(name), 0, 0)
    If size > 1 Then
        buffer = String$(size, vbNullChar)
        size = EnvironmentValue(StrPtr(name), StrPtr(buffer), size)
        DhEnvironment = Left$(buffer, size)
    End If
End Function

' The text of a small ASCII file, "" where it is not there or can't be read.
Public Function DhReadFile(ByVal path As String) As String
    Dim files As Object
    Dim stream As Object
    On Error GoTo Missing
    Set files = DhNew("Scripting.FileSystemObject")
    If files.FileExists(path) Then
        ' 1 = for reading; no file is made; 0 = as bytes of the code page.
        Set stream = files.OpenTextFile(path, 1, False, 0)
        DhReadFile = stream.ReadAll
        stream.Close
    End If
Missing:
End Function

' Waits, lets Excel repaint and take clicks; raises error 18 when Esc was pressed while this Office was in front.
Public Sub DhPause(ByVal ms As Long)
    Dim last As Double
    last = DhSeconds() + ms / 1000
    Do
        If EscapePressed() Then Err.Raise 18
        DoEvents
        If ms > 0 Then SleepFor 20
    Loop While DhSeconds() < last
End Sub

' Seconds since some midnight long ago; does not jump back at the next one.
Public Function DhSeconds() As Double
    Dim day As Double
    day = CDbl(Date)
    DhSeconds = CDbl(Timer)
    ' Midnight between the two readings: the newer day belongs to the small seconds.
    If CDbl(Date) <> day Then
        day = CDbl(Date)
        DhSeconds = CDbl(Timer)
    End If
    DhSeconds = day * 86400# + DhSeconds
End Function

' The UTF-8 bytes of a text, Empty for no text.
Public Function DhUtf8(ByVal text As String) As Variant
    Dim bytes() As Byte
    Dim size As Long
    If Len(text) = 0 Then Exit Function
    size = WideToBytes(UTF8_PAGE, 0, StrPtr(text), Len(text), 0, 0, 0, 0)
    ReDim bytes(0 To size - 1)
    size = WideToBytes(UTF8_PAGE, 0, StrPtr(text), Len(text), VarPtr(bytes(0)), size, 0, 0)
    DhUtf8 = bytes
End Function

' The text of UTF-8 bytes, "" for none.
Public Function DhFromUtf8(ByVal bytes As Variant) As String
    Dim own() As Byte
    Dim count As Long
    Dim size As Long
    Dim text As String
    ' 8209 = an array of bytes; an empty answer is Empty, Null or an array of none.
    If VarType(bytes) <> 8209 Then Exit Function
    own = bytes
    count = UBound(own) - LBound(own) + 1
    If count < 1 Then Exit Function
    size = BytesToWide(UTF8_PAGE, 0, VarPtr(own(LBound(own))), count, 0, 0)
    text = String$(size, vbNullChar)
    size = BytesToWide(UTF8_PAGE, 0, VarPtr(own(LBound(own))), count, StrPtr(text), size)
    DhFromUtf8 = Left$(text, size)
End Function

' A message box with MsgBox's numbers, in any script; MsgBox itself shows ??? outside the system's code page.
Public Function DhTell(ByVal text As String, ByVal kind As Long) As Long
    Dim caption As String
    caption = "Deskhand"
    Dim owner As Variant
    owner = OwnActiveWindow()
    ' Another program is in front: the box belongs to Excel all the same, so that nobody works on beside it.
    If owner = 0 Then owner = HostWindow()
    DhTell = ShowMessage(owner, StrPtr(text), StrPtr(caption), kind)
End Function

' Asks for one line of text. Excel takes 255 characters of prompt, so a longer one is cut.
Public Function DhInput(ByVal prompt As String, ByVal preset As String, ByRef cancelled As Boolean) As String
    Dim answer As Variant
    DhCursor -4143
    answer = Application.InputBox(Left$(prompt, 254), "Deskhand", preset, , , , , 2)
    cancelled = (VarType(answer) = vbBoolean)
    If Not cancelled Then DhInput = CStr(answer)
End Function

' Hands an address to the browser; False where the system refuses. FollowHyperlink would fetch the page itself first, and
' with it use up a ticket that holds once.
Public Function DhBrowse(ByVal address As String) As Boolean
    Dim verb As String
    verb = "open"
    ' 1 = a window as usual; up to 32 are errors.
    DhBrowse = (OpenByShell(0, StrPtr(verb), StrPtr(address), 0, 0, 1) > 32)
End Function

' Puts a macro of this file behind Excel's own Undo.
Public Sub DhOnUndo(ByVal label As String, ByVal macro As String)
    Application.OnUndo label, "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & macro
End Sub

' What Esc does while a macro runs: 0 nothing, 1 stops it as usual, 2 raises error 18. With 1 an Esc of before is
' forgotten; between 0 and 2 it is kept for the next pause.
Public Sub DhCancelKey(ByVal mode As Long)
    On Error Resume Next
    ' Windows tells once that a key was pressed since it was last asked.
    If mode = 1 Then KeyState ESCAPE_KEY
    Application.EnableCancelKey = mode
End Sub

' The language of Office's menus as Windows numbers it (2052 Chinese, 1033 English), 0 where it does not tell.
Public Function DhOfficeLanguage() As Long
    Dim settings As Object
    On Error Resume Next
    Set settings = Application.LanguageSettings
    ' 2 = the language of menus and boxes (msoLanguageIDUI).
    DhOfficeLanguage = settings.LanguageID(2)
End Function

' The pointer: 2 waits, -4143 is as usual.
Public Sub DhCursor(ByVal kind As Long)
    On Error Resume Next
    Application.Cursor = kind
End Sub

' A list to choose from in cells; where the host has none, the cells stay free.
Public Sub DhTickList(ByVal cells As Object, ByVal choices As String)
    On Error Resume Next
    cells.Validation.Delete
    ' 3 = a list, 3 = only a note, 1 = between; what is typed beside the list is taken too.
    cells.Validation.Add 3, 3, 1, choices
    cells.Validation.ShowError = False
End Sub

' Keeps the rows above one in view. The sheet has to be the active one. Excel freezes what is above and left of the cell
' selected; a number of rows would count the hidden ones or not, as the version likes.
Public Sub DhFreezeAbove(ByVal sheet As Object, ByVal row As Long)
    On Error Resume Next
    sheet.Parent.Windows(1).FreezePanes = False
    sheet.Parent.Windows(1).ScrollRow = 1
    sheet.Parent.Windows(1).ScrollColumn = 1
    sheet.Cells(row, 1).Select
    sheet.Parent.Windows(1).FreezePanes = True
End Sub

' Sets one of the host's switches and gives back what it was, Empty where it has no such switch or keeps it.
Public Function DhQuiet(ByVal what As String, ByVal value As Variant) As Variant
    On Error Resume Next
    Select Case what
        Case "ScreenUpdating"
            DhQuiet = Application.ScreenUpdating
            Application.ScreenUpdating = value
        Case "EnableEvents"
            DhQuiet = Application.EnableEvents
            Application.EnableEvents = value
        Case "Calculation"
            DhQuiet = Application.Calculation
            Application.Calculation = value
        Case "DisplayAlerts"
            DhQuiet = Application.DisplayAlerts
            Application.DisplayAlerts = value
    End Select
End Function

' The status bar; "" gives it back to the host.
Public Sub DhStatus(ByVal text As String)
    On Error Resume Next
    If Len(text) = 0 Then
        Application.StatusBar = False
    Else
        Application.StatusBar = text
    End If
End Sub

' What cells hold: dates and amounts as plain numbers, an array of rows x columns of several cells.
Public Function DhValues(ByVal cells As Object) As Variant
    DhValues = cells.Value2
End Function

' Puts a value or an array of rows x columns into cells.
Public Sub DhPutValues(ByVal cells As Object, ByRef values As Variant)
    cells.Value2 = values
End Sub

' The open workbooks.
Public Function DhBooks() As Object
    Set DhBooks = Application.Workbooks
End Function

' Excel's window as a number; 0 where the host does not tell.
Private Function HostWindow() As Long
    Dim host As Object
    On Error Resume Next
    Set host = Application
    HostWindow = host.Hwnd
End Function

Private Function EscapePressed() As Boolean
    Dim process As Long
    If KeyState(ESCAPE_KEY) <> 0 Then
        If WindowProcess(FrontWindow(), process) <> 0 Then EscapePressed = (process = OwnProcess())
    End If
End Function
