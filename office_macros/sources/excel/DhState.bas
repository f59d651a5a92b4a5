Attribute VB_Name = "DhState"
' How Excel is kept while a button works, and how it is given back on every path; and what is said when something fails.
Option Explicit

' The description of this error is a text for the person.
Public Const DhErrSay As Long = 47100

' Excel is in a dialog or a cell is being edited (VBA_E_IGNORE, 0x800AC472; 50290 from the same cause).
Private Const EXCEL_IGNORES As Long = -2146777998
Private Const EXCEL_EDITS As Long = 50290

Private stateBusy As Boolean
Private stateHeld As Boolean
Private stateScreen As Variant
Private stateEvents As Variant
Private stateCalculation As Variant

' The beginning of each button; False where another one is still at work.
Public Function DhBegin() As Boolean
    Dim before As String
    If stateBusy Then
        DhTell DhSay("error.busy"), 48
        Exit Function
    End If
    stateBusy = True
    DhBegin = True
    before = DhLanguage()
    DhHear
    ' The language may have been changed in the browser.
    If DhLanguage() <> before Then DhRefreshRibbon
    DhCursor 2
    ' An Esc of before, by which a box was closed, does not count.
    DhCancelKey 1
    DhCancelKey 2
End Function

' While cells are written: no repainting, no events, no calculation, and Esc waits until all is done.
Public Sub DhHold()
    DhCancelKey 0
    If stateHeld Then Exit Sub
    stateHeld = True
    stateScreen = DhQuiet("ScreenUpdating", False)
    stateEvents = DhQuiet("EnableEvents", False)
    ' -4135 = by hand.
    stateCalculation = DhQuiet("Calculation", -4135)
End Sub

' Gives Excel back as it was.
Public Sub DhEnd()
    On Error Resume Next
    If Not stateBusy Then Exit Sub
    DhCancelKey 0
    If stateHeld Then
        GiveBack "Calculation", stateCalculation
        GiveBack "EnableEvents", stateEvents
        GiveBack "ScreenUpdating", stateScreen
    End If
    stateHeld = False
    DhStatus ""
    DhCursor -4143
    DhCancelKey 1
    stateBusy = False
End Sub

' The end of a button that failed: Excel as it was, and what to say. Nothing may fail here: an error on top of an error
' would stop in VBA's own box, and the next click would find Deskhand at work for ever.
Public Sub DhFail(ByVal number As Long, ByVal description As String)
    Dim text As String
    On Error Resume Next
    DhEnd
    text = description
    text = DhWhatFailed(number, description)
    If number = 18 Then
        DhTell text, 64
    Else
        DhTell text, 48
    End If
End Sub

' What happened and what to do, in the person's language.
Public Function DhWhatFailed(ByVal number As Long, ByVal description As String) As String
    Select Case number
        Case DhErrSay
            DhWhatFailed = description
        Case DhErrService
            DhWhatFailed = TwoLines(description)
        Case 18
            DhWhatFailed = DhSay("error.stopped")
        Case DhErrNoService
            DhWhatFailed = DhSay("error.no_service")
        Case DhErrToken
            DhWhatFailed = DhSay("error.token")
        Case DhErrTimeout
            DhWhatFailed = DhSay("error.timeout")
        Case DhErrNoCells
            DhWhatFailed = DhSay("error.no_cells")
        Case DhErrGone
            DhWhatFailed = DhSay("error.gone", description)
        Case DhErrReply
            DhWhatFailed = DhSay("error.reply", description)
        Case DhErrTooMany
            DhWhatFailed = DhSay("error.too_many", description)
        ' VBA has no room left, for memory or for a text.
        Case 7, 14
            DhWhatFailed = DhSay("error.too_much")
        Case 1004, EXCEL_IGNORES, EXCEL_EDITS
            DhWhatFailed = DhSay("error.excel_busy", description)
        Case Else
            DhWhatFailed = DhSay("error.unexpected", description, CStr(number))
    End Select
End Function

' Stops a button with a text of its own.
Public Sub DhStop(ByVal text As String)
    Err.Raise DhErrSay, "Deskhand", text
End Sub

' The workbook in front. Stops where there is none, or a sheet without cells is in front.
Public Function DhBookInFront() As Workbook
    If ActiveWorkbook Is Nothing Then DhStop DhSay("error.no_book")
    If TypeName(ActiveSheet) <> "Worksheet" Then DhStop DhSay("error.no_sheet")
    Set DhBookInFront = ActiveWorkbook
End Function

' The service's two lines, what happened and what to do, with a line between them.
Private Function TwoLines(ByVal text As String) As String
    Do While Right$(text, 1) = vbLf
        text = Left$(text, Len(text) - 1)
    Loop
    TwoLines = Replace(text, vbLf, vbLf & vbLf)
End Function

Private Sub GiveBack(ByVal what As String, ByVal before As Variant)
    If Not IsEmpty(before) Then DhQuiet what, before
End Sub
