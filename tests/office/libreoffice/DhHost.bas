Attribute VB_Name = "DhHost"
Option Explicit
' LibreOffice's twin of office_macros/sources/common/DhHost.bas: the same signatures, answered by objects of the test.

Private mHost As Object

Public Sub DhTakeHost(ByVal host As Object)
    Set mHost = host
End Sub

Public Function DhNew(ByVal progId As String) As Object
    Set DhNew = mHost.Create(progId)
End Function

Public Function DhEnvironment(ByVal name As String) As String
    DhEnvironment = mHost.Environment(name)
End Function

Public Function DhReadFile(ByVal path As String) As String
    DhReadFile = mHost.ReadFile(path)
End Function

Public Sub DhPause(ByVal ms As Long)
    If mHost.Pause(ms) Then Err.Raise 18, "DhHost", "Esc"
End Sub

Public Function DhSeconds() As Double
    DhSeconds = mHost.Seconds()
End Function

' A long text crosses to the test's objects as it is: as an array it would cross byte by byte.
Public Function DhUtf8(ByVal text As String) As Variant
    Dim bytes() As Byte
    If Len(text) > 4000 Then
        DhUtf8 = text
    ElseIf Len(text) > 0 Then
        bytes = mHost.Utf8(text)
        DhUtf8 = bytes
    End If
End Function

Public Function DhFromUtf8(ByVal bytes As Variant) As String
    If VarType(bytes) = vbString Then
        DhFromUtf8 = bytes
    ElseIf IsArray(bytes) Then
        DhFromUtf8 = mHost.FromUtf8(bytes)
    End If
End Function

Public Function DhTell(ByVal text As String, ByVal kind As Long) As Long
    DhTell = mHost.Tell(text, kind)
End Function

Public Function DhInput(ByVal prompt As String, ByVal preset As String, ByRef cancelled As Boolean) As String
    Dim answer As Variant
    answer = mHost.Ask(prompt, preset)
    cancelled = IsEmpty(answer) Or IsNull(answer)
    If Not cancelled Then DhInput = answer
End Function

Public Function DhBrowse(ByVal address As String) As Boolean
    mHost.Note "browser", address
    DhBrowse = True
End Function

Public Sub DhOnUndo(ByVal label As String, ByVal macro As String)
    mHost.Note "undo", label & vbTab & macro
End Sub

Public Sub DhCancelKey(ByVal mode As Long)
    mHost.Note "cancel key", mode
End Sub

Public Function DhOfficeLanguage() As Long
    DhOfficeLanguage = Val(mHost.Environment("office language"))
End Function

Public Sub DhCursor(ByVal kind As Long)
    mHost.Note "cursor", kind
End Sub

Public Sub DhTickList(ByVal cells As Object, ByVal choices As String)
    cells.Validation.Delete
    cells.Validation.Add 3, 1, 1, choices
End Sub

Public Sub DhFreezeAbove(ByVal sheet As Object, ByVal row As Long)
    sheet.Range("A" & row).Select
    ActiveWindow.FreezePanes = True
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
    mHost.Note "status", text
End Sub

' The workbook of a sheet; a sheet's own Parent is Nothing where a macro added the sheet.
Public Function DhBookOf(ByVal sheet As Object) As Object
    Dim place As String
    place = sheet.Range("A1").Address(False, False, 1, True)
    Set DhBookOf = Workbooks(Mid$(place, InStr(place, "[") + 1, InStr(place, "]") - InStr(place, "[") - 1))
End Function

Public Function DhErrorNumber(ByVal number As Long) As Long
    DhErrorNumber = mHost.ErrorNumber(number)
End Function

Public Function DhDate1904(ByVal book As Object) As Boolean
    DhDate1904 = mHost.Date1904(book.Name)
End Function

Public Function DhTableOf(ByVal range As Object) As Object
    Set DhTableOf = Nothing
End Function

Public Function DhValues(ByVal range As Object) As Variant
    Dim values As Variant
    Dim wrong As Variant
    Dim place As String
    Dim r As Long
    Dim c As Long
    Dim i As Long
    place = range.Address(False, False, 1, True)
    wrong = mHost.Errors(place)
    values = range.Value
    If Not IsArray(values) Then
        If VarType(values) = vbDate Then values = CDbl(values)
        If UBound(wrong) >= 0 Then values = CVErr(wrong(0)(2))
        DhValues = values
        Exit Function
    End If
    ' Value gives dates as dates and errors as 0; Value2 of Excel gives serial numbers and errors.
    If mHost.MayHoldDates(place) Then
        For c = 1 To UBound(values, 2)
            For r = 1 To UBound(values, 1)
                If VarType(values(r, c)) = vbDate Then values(r, c) = CDbl(values(r, c))
            Next r
        Next c
    End If
    For i = 0 To UBound(wrong)
        values(wrong(i)(0), wrong(i)(1)) = CVErr(wrong(i)(2))
    Next i
    DhValues = values
End Function

' One cell does not take an array of one here, and nothing is made empty by putting Empty into it.
Public Sub DhPutValues(ByVal range As Object, ByRef values As Variant)
    Dim r As Long
    Dim c As Long
    If Not IsArray(values) Then
        PutOne range, values
    ElseIf range.Count = 1 Then
        PutOne range, values(1, 1)
    Else
        range.Value = values
        For r = 1 To UBound(values, 1)
            For c = 1 To UBound(values, 2)
                If IsEmpty(values(r, c)) Then range.Cells(r, c).ClearContents
            Next c
        Next r
    End If
End Sub

Private Sub PutOne(ByVal cell As Object, ByRef value As Variant)
    If IsEmpty(value) Then
        cell.ClearContents
    Else
        cell.Value = value
    End If
End Sub

Public Function DhBooks() As Object
    Set DhBooks = Workbooks
End Function
