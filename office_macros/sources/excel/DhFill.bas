Attribute VB_Name = "DhFill"
' The buttons Fill, Preview and Run: the form for the table under the selection, and from what stands in it to a list of
' answers for a new column. Nothing is written into the data here.
Option Explicit

' Rows of a preview.
Private Const ROWS_SHOWN As Long = 3
' Reasons told of rows without an answer.
Private Const REASONS_TOLD As Long = 3

' The form for the table under the selection; on the form itself, the chosen template's settings are put into it.
Public Sub DhRunFill()
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    If DhIsForm(ActiveSheet) Then
        RefreshForm ActiveSheet
    Else
        OpenForm
    End If
    DhEnd
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

Public Sub DhRunPreview()
    FillFromForm True
End Sub

Public Sub DhRunFillAll()
    FillFromForm False
End Sub

Private Sub FillFromForm(ByVal preview As Boolean)
    Dim told As String
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    told = Filled(preview)
    DhEnd
    If Len(told) > 0 Then DhTell told, 64
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

' What to say at the end, "" where the list says it all.
Private Function Filled(ByVal preview As Boolean) As String
    Dim form As Worksheet
    Dim book As Workbook
    Dim areas As Collection
    Dim name As String
    Dim body As String
    Dim estimate As Variant
    Dim reply As Variant
    Dim notes As String
    Set form = FormInFront()
    If form Is Nothing Then
        OpenForm
        Exit Function
    End If
    Set book = DhListBook(form)
    name = book.Name
    Set areas = New Collection
    areas.Add TableOf(book, DhFormText(form, "table"))
    DhStatus DhSay("status.reading")
    body = DhGridsText(areas, DhFillOptions(form, book), True)
    DhStatus DhSay("status.started")
    estimate = DhRead(Asked("POST", "/v1/estimates/fill", body))
    If Not DhMayLeave(estimate) Then Exit Function
    If preview Then body = DhOptionLine("preview", CStr(ROWS_SHOWN)) & body
    reply = DhJobDone("fill", body)
    body = ""
    ' Excel takes clicks while a job works.
    If Not DhIsOpen(book) Then DhStop DhSay("error.book_gone", name)
    DropPreview form, book
    If Val(DhOption(reply, "changes", "0")) + Val(DhOption(reply, "flags", "0")) = 0 Then
        Filled = DhSay("fill.nothing")
        Exit Function
    End If
    If preview Then
        notes = DhSay("fill.previewed", CStr(ROWS_SHOWN)) & vbLf & DhEstimateText(estimate)
        DhFormNotePreview form, DhOption(reply, "job", "")
        Filled = notes
    Else
        notes = DhGapsText(reply)
        Filled = notes
    End If
    DhMakeList book, reply, notes
End Function

' How many rows have no answer, why, and how to try them again; "" where each has one.
Public Function DhGapsText(ByRef job As Variant) As String
    Dim reasons As String
    If Val(DhOption(job, "gaps", "0")) = 0 Then Exit Function
    reasons = ReasonsText(DhRead(DhRequest("GET", "/v1/jobs/" & DhPathText(DhOption(job, "job", "")) & "/result", "", 0)))
    DhGapsText = DhSay("fill.gaps", DhOption(job, "gaps", "0")) & reasons & vbLf & DhSay("fill.again")
End Function

' A new form; what was chosen the last time is kept.
Private Sub OpenForm()
    Dim book As Workbook
    Dim area As Object
    Dim templates As Variant
    Dim known As Worksheet
    Dim keys As Variant
    Dim values() As String
    Dim titles As Variant
    Dim i As Long
    Set book = DhBookInFront()
    If DhIsList(ActiveSheet) Then DhStop DhSay("error.on_review")
    If TypeName(Selection) <> "Range" Then Err.Raise DhErrNoCells, "Deskhand", ""
    DhStatus DhSay("status.reading")
    Set area = DhTableUnder(DhFirstFilled(Selection))
    titles = DhTitleTexts(area)
    templates = DhRead(Asked("GET", "/v1/templates", ""))
    Set known = DhFormAbout(book)
    If known Is Nothing Then Set known = AnyForm()
    keys = DhFormKeys()
    ReDim values(0 To UBound(keys))
    For i = 0 To UBound(keys)
        If Not known Is Nothing Then values(i) = DhFormText(known, CStr(keys(i)))
        Select Case keys(i)
            Case "table"
                values(i) = PlaceOf(area)
            Case "template"
                If Len(values(i)) = 0 Then values(i) = DhSay("form.own")
            Case "columns"
                values(i) = ColumnsPicked(Selection, area, titles)
            Case "type"
                If Len(values(i)) = 0 Then values(i) = Split(DhSay("form.types"), ",")(0)
            Case "rows"
                values(i) = RowsPicked(Selection, area)
            Case "filled"
                If Len(values(i)) = 0 Then values(i) = Split(DhSay("form.filled"), ",")(0)
        End Select
    Next i
    DhMakeForm book, values, titles, templates
End Sub

' The settings and titles of the template that is chosen now, where none are typed yet.
Private Sub RefreshForm(ByVal form As Worksheet)
    Dim book As Workbook
    Dim templates As Variant
    Dim keys As Variant
    Dim values() As String
    Dim template As String
    Dim i As Long
    Set book = DhListBook(form)
    templates = DhRead(Asked("GET", "/v1/templates", ""))
    template = DhFormTemplate(form)
    keys = DhFormKeys()
    ReDim values(0 To UBound(keys))
    For i = 0 To UBound(keys)
        values(i) = DhFormText(form, CStr(keys(i)))
        If Len(template) > 0 And Len(values(i)) = 0 Then
            If keys(i) = "into" Then values(i) = DhTemplateText(templates, template, "columns")
            If keys(i) = "values" Then values(i) = DhTemplateText(templates, template, "variables")
        End If
    Next i
    DhMakeForm book, values, DhTitleTexts(TableOf(book, DhFormText(form, "table"))), templates
End Sub

' The form in front, or that of the workbook or list in front; Nothing where there is none yet.
Private Function FormInFront() As Worksheet
    Dim book As Workbook
    Set book = DhBookInFront()
    If DhIsForm(ActiveSheet) Then
        Set FormInFront = ActiveSheet
    ElseIf DhIsList(ActiveSheet) Then
        Set FormInFront = DhFormAbout(DhListBook(ActiveSheet))
        If FormInFront Is Nothing Then DhStop DhSay("error.on_review")
    Else
        Set FormInFront = DhFormAbout(book)
    End If
End Function

Private Function AnyForm() As Worksheet
    Dim book As Workbook
    Dim sheet As Worksheet
    For Each book In DhBooks()
        For Each sheet In book.Worksheets
            If DhIsForm(sheet) Then Set AnyForm = sheet
        Next sheet
    Next book
End Function

' Sheet1!A2:E9
Private Function PlaceOf(ByVal area As Object) As String
    PlaceOf = area.Worksheet.Name & "!" & area.Address(False, False)
End Function

' The table of a place, as large as it is now.
Private Function TableOf(ByVal book As Workbook, ByVal place As String) As Object
    Dim cells As Object
    Set cells = DhCellsAt(book, place)
    If cells Is Nothing Then DhStop DhSay("fill.no_table", place)
    Set TableOf = DhTableUnder(cells.Cells(1, 1))
End Function

' The titles of the columns that are selected; of all of them the first selected one.
Private Function ColumnsPicked(ByVal picked As Object, ByVal area As Object, ByRef titles As Variant) As String
    Dim common As Object
    Dim c As Long
    Dim last As Long
    Set common = Application.Intersect(picked.Areas(1).EntireColumn, area)
    If common Is Nothing Then Exit Function
    last = common.Columns.Count
    If last = area.Columns.Count Then last = 1
    For c = common.Column - area.Column + 1 To common.Column - area.Column + last
        If Len(ColumnsPicked) > 0 Then ColumnsPicked = ColumnsPicked & "; "
        ColumnsPicked = ColumnsPicked & titles(c)
    Next c
    ' A comma in a title parts nothing where there is a semicolon.
    If InStr(ColumnsPicked, ",") > 0 And InStr(ColumnsPicked, ";") = 0 Then ColumnsPicked = ColumnsPicked & ";"
End Function

' The rows that are selected, 3-5,8; all of them where one cell or every row is; the visible ones where some are hidden.
Private Function RowsPicked(ByVal picked As Object, ByVal area As Object) As String
    Dim part As Object
    Dim common As Object
    Dim whole As Collection
    Dim count As Long
    Set whole = New Collection
    whole.Add area
    RowsPicked = Split(DhSay("form.rows"), ",")(0)
    If DhHiddenRows(whole) > 0 Then RowsPicked = Split(DhSay("form.rows"), ",")(1)
    If picked.Areas.Count = 1 And picked.Rows.Count = 1 And picked.Columns.Count = 1 Then Exit Function
    For Each part In picked.Areas
        Set common = Application.Intersect(part.EntireRow, area)
        If Not common Is Nothing Then
            If common.Rows.Count = area.Rows.Count Then Exit Function
            count = count + 1
            If count = 1 Then RowsPicked = ""
            If count > 1 Then RowsPicked = RowsPicked & ","
            RowsPicked = RowsPicked & common.Row
            If common.Rows.Count > 1 Then RowsPicked = RowsPicked & "-" & (common.Row + common.Rows.Count - 1)
        End If
    Next part
End Function

' The reasons of the lines to look at, the first few, a line each.
Private Function ReasonsText(ByRef result As Variant) As String
    Dim rows As Variant
    Dim keys() As String
    Dim reason As String
    Dim told As Long
    Dim accept As Long
    Dim why As Long
    Dim r As Long
    keys = Split(DhOption(result, "columns", ""), ",")
    For r = 0 To UBound(keys)
        If keys(r) = "accept" Then accept = r + 1
        If keys(r) = "reason" Then why = r + 1
    Next r
    If accept = 0 Or why = 0 Then Exit Function
    rows = DhRows(result)
    For r = 1 To DhRowCount(result)
        ' What can't be ticked is no answer.
        If IsEmpty(rows(r, accept)) Then
            reason = vbLf & "   " & CStr(rows(r, why))
            If InStr(ReasonsText & vbLf, reason & vbLf) = 0 Then
                told = told + 1
                If told > REASONS_TOLD Then Exit For
                ReasonsText = ReasonsText & reason
            End If
        End If
    Next r
End Function

' The list of an earlier preview goes where nothing of it was written.
Private Sub DropPreview(ByVal form As Worksheet, ByVal book As Workbook)
    Dim job As String
    Dim sheet As Worksheet
    job = DhFormPreview(form)
    If Len(job) = 0 Then Exit Sub
    Set sheet = DhListAbout(book, job)
    If Not sheet Is Nothing Then
        If Untouched(job) Then DhDropSheet sheet, book
    End If
    DhFormNotePreview form, ""
End Sub

Private Function Untouched(ByVal job As String) As Boolean
    On Error GoTo Unknown
    Untouched = (Val(DhOption(DhJobNow(job), "application", "1")) = 0)
Unknown:
End Function

' A request that only a service with the task fill answers.
Private Function Asked(ByVal method As String, ByVal path As String, ByVal body As String) As String
    Dim number As Long
    Dim description As String
    On Error GoTo Failed
    Asked = DhRequest(method, path, body, 0)
    Exit Function
Failed:
    number = Err.Number
    description = Err.Description
    If number = DhErrService And DhReplyCode() = "no-such-address" Then DhStop DhSay("fill.no_service")
    Err.Raise number, "Deskhand", description
End Function
