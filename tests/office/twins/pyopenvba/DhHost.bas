Attribute VB_Name = "DhHost"
' Stands in for office_macros' DhHost in pyOpenVBA's interpreter: the same signatures, answered by the HostTwin of
' tests/office/interpreter.py.
Option Explicit

Private Function Twin() As Object
    Set Twin = CreateObject("Deskhand.HostTwin")
End Function

Public Function DhNew(ByVal progId As String) As Object
    Set DhNew = CreateObject(progId)
End Function

Public Function DhEnvironment(ByVal name As String) As String
    DhEnvironment = Twin().Environment(name)
End Function

Public Function DhReadFile(ByVal path As String) As String
    DhReadFile = Twin().ReadFile(path)
End Function

Public Sub DhPause(ByVal ms As Long)
    Twin().Pause ms
End Sub

Public Function DhSeconds() As Double
    DhSeconds = Twin().Seconds()
End Function

Public Function DhUtf8(ByVal text As String) As Variant
    DhUtf8 = Twin().Utf8(text)
End Function

Public Function DhFromUtf8(ByVal bytes As Variant) As String
    DhFromUtf8 = Twin().FromUtf8(bytes)
End Function

Public Function DhTell(ByVal text As String, ByVal kind As Long) As Long
    DhTell = Twin().Tell(text, kind)
End Function

Public Function DhInput(ByVal prompt As String, ByVal preset As String, ByRef cancelled As Boolean) As String
    Dim answer As Variant
    answer = Twin().Ask(prompt, preset)
    cancelled = (VarType(answer) = vbBoolean)
    If Not cancelled Then DhInput = answer
End Function

Public Function DhBrowse(ByVal address As String) As Boolean
    DhBrowse = Twin().Browse(address)
End Function

Public Sub DhOnUndo(ByVal label As String, ByVal macro As String)
    Twin().OnUndo label, macro
End Sub

Public Sub DhCancelKey(ByVal mode As Long)
    Twin().CancelKey mode
End Sub

Public Function DhOfficeLanguage() As Long
    DhOfficeLanguage = Twin().OfficeLanguage()
End Function

Public Sub DhCursor(ByVal kind As Long)
    Twin().Cursor kind
End Sub

Public Sub DhTickList(ByVal cells As Object, ByVal choices As String)
    Twin().TickList cells.Address(False, False), choices
End Sub

Public Sub DhFreezeAbove(ByVal sheet As Object, ByVal row As Long)
    Twin().FreezeAbove sheet.Name, row
End Sub

Public Function DhQuiet(ByVal what As String, ByVal value As Variant) As Variant
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

Public Sub DhStatus(ByVal text As String)
    If Len(text) = 0 Then
        Application.StatusBar = False
    Else
        Application.StatusBar = text
    End If
    Twin().Status text
End Sub

Public Function DhValues(ByVal cells As Object) As Variant
    DhValues = cells.Value2
End Function

Public Sub DhPutValues(ByVal cells As Object, ByRef values As Variant)
    cells.Value2 = values
End Sub

Public Function DhBooks() As Object
    Set DhBooks = Application.Workbooks
End Function
