Attribute VB_Name = "DhForm"
' The form of the button Fill: a small sheet with a field in each row, and the templates to choose from below it. A hidden
' column holds the key of each row, so that a person may move or widen what they like. What is done with what stands in
' it is DhFill's business.
Option Explicit

' What stands in the hidden column: what the sheet is, the job of the last preview, the key of a field, a template's name.
Private Const MARK_FORM As String = "dh-form:fill"
Private Const MARK_PREVIEW As String = "dh-preview:"
Private Const MARK_FIELD As String = "dh-field:"
Private Const MARK_TEMPLATE As String = "dh-template:"

Private Const FIELD_KEYS As String = "table,template,prompt,columns,into,type,choices,rows,values,filled"
Private Const FIRST_FIELD As Long = 5
' The part of a sheet in which the marks are looked for.
Private Const MARKS_WITHIN As String = "A1:F300"

' The keys of the fields in their order, from 0.
Public Function DhFormKeys() As Variant
    DhFormKeys = Split(FIELD_KEYS, ",")
End Function

' Whether a sheet is the form.
Public Function DhIsForm(ByVal sheet As Object) As Boolean
    Dim row As Long
    Dim column As Long
    If TypeName(sheet) <> "Worksheet" Then Exit Function
    Mark sheet, MARK_FORM, row, column
    DhIsForm = (row > 0)
End Function

' The form about a workbook, in it or in a workbook of its own; Nothing where there is none.
Public Function DhFormAbout(ByVal about As Workbook) As Worksheet
    Dim sheet As Worksheet
    Dim other As Workbook
    Dim book As Workbook
    For Each book In DhBooks()
        For Each sheet In book.Worksheets
            If DhIsForm(sheet) Then
                Set other = sheet.Parent
                If Len(MarkedText(sheet, DhMarkBook)) > 0 Then Set other = DhOpenBook(MarkedText(sheet, DhMarkBook))
                If Not other Is Nothing Then
                    If other.FullName = about.FullName Then Set DhFormAbout = sheet
                End If
            End If
        Next sheet
    Next book
End Function

' What stands in a field, without spaces around it; "" where it is empty or gone.
Public Function DhFormText(ByVal sheet As Worksheet, ByVal key As String) As String
    Dim row As Long
    Dim column As Long
    Dim value As Variant
    Mark sheet, MARK_FIELD & key & ";", row, column
    If row = 0 Then Exit Function
    value = sheet.Cells(row, column + 2).Value2
    If Not IsError(value) Then DhFormText = Trim$(CStr(value))
End Function

' The name of the template that is chosen by its title; "" for an instruction of one's own. A name is taken, too.
Public Function DhFormTemplate(ByVal sheet As Worksheet) As String
    Dim found As Variant
    Dim wanted As String
    Dim name As String
    Dim r As Long
    Dim c As Long
    wanted = DhFormText(sheet, "template")
    found = sheet.Range(MARKS_WITHIN).Value2
    For r = 1 To UBound(found, 1)
        For c = 1 To UBound(found, 2) - 1
            If VarType(found(r, c)) = vbString Then
                If Left$(found(r, c), Len(MARK_TEMPLATE)) = MARK_TEMPLATE Then
                    name = Mid$(found(r, c), Len(MARK_TEMPLATE) + 1)
                    If LCase$(Trim$(CStr(found(r, c + 1)))) = LCase$(wanted) Or LCase$(name) = LCase$(wanted) Then
                        DhFormTemplate = name
                        Exit Function
                    End If
                End If
            End If
        Next c
    Next r
    If Len(wanted) > 0 And wanted <> DhText("form.own", "en") And wanted <> DhText("form.own", "zh") Then DhStop DhSay("fill.no_template", wanted)
End Function

' The job of the last preview, "" where there was none.
Public Function DhFormPreview(ByVal sheet As Worksheet) As String
    DhFormPreview = MarkedText(sheet, MARK_PREVIEW)
End Function

' Notes the job of a preview.
Public Sub DhFormNotePreview(ByVal sheet As Worksheet, ByVal job As String)
    Dim row As Long
    Dim column As Long
    Mark sheet, MARK_PREVIEW, row, column
    If row > 0 Then sheet.Cells(row, column).Value2 = MARK_PREVIEW & job
End Sub

' A new form in place of the one before. values: texts by the order of DhFormKeys; titles: those of the table's columns;
' templates: the service's reply. It is in front afterwards.
Public Sub DhMakeForm(ByVal book As Workbook, ByRef values() As String, ByRef titles As Variant, ByRef templates As Variant)
    Dim sheet As Worksheet
    Dim number As Long
    Dim description As String
    Dim guide As Long
    Dim preview As String
    DhHold
    Set sheet = DhFormAbout(book)
    If Not sheet Is Nothing Then
        preview = DhFormPreview(sheet)
        DhDropSheet sheet, book
    End If
    Set sheet = DhNewSheet(book, DhSay("form.sheet"))
    On Error GoTo Failed
    guide = FIRST_FIELD + UBound(values) + 3
    sheet.Columns(2).ColumnWidth = 18
    sheet.Columns(3).ColumnWidth = 46
    sheet.Columns(4).ColumnWidth = 72
    sheet.Range(sheet.Cells(1, 1), sheet.Cells(guide + DhRowCount(templates) + 1, 4)).NumberFormat = "@"
    DhPutArray sheet.Cells(1, 1), HeadCells(sheet, book, preview)
    DhPutArray sheet.Cells(FIRST_FIELD, 1), FieldCells(values, titles, templates)
    DhPutArray sheet.Cells(guide - 1, 1), GuideCells(templates)
    Dress sheet, UBound(values) + 1, guide, DhRowCount(templates) + 1
    OfferChoices sheet, values, titles, guide, DhRowCount(templates) + 1
    sheet.Columns(1).Hidden = True
    sheet.Rows(1).Hidden = True
    sheet.Parent.Activate
    sheet.Activate
    sheet.Cells(FIRST_FIELD + 1, 3).Select
    Exit Sub
Failed:
    number = Err.Number
    description = Err.Description
    DhDropSheet sheet, book
    Err.Raise number, "Deskhand", description
End Sub

' What a reply says of a template by its name: "title", "what", "columns", "variables"; "" for one that it has not.
Public Function DhTemplateText(ByRef templates As Variant, ByVal name As String, ByVal what As String) As String
    Dim rows As Variant
    Dim r As Long
    rows = DhRows(templates)
    For r = 1 To DhRowCount(templates)
        If CStr(rows(r, DhColumnOf(templates, "name"))) = name And DhColumnOf(templates, what) > 0 Then DhTemplateText = CStr(rows(r, DhColumnOf(templates, what)))
    Next r
End Function

Private Function HeadCells(ByVal sheet As Worksheet, ByVal book As Workbook, ByVal preview As String) As Variant
    Dim cells(1 To 3, 1 To 4) As Variant
    cells(1, 1) = MARK_FORM
    cells(1, 2) = MARK_PREVIEW & preview
    cells(1, 3) = DhMarkBook
    If sheet.Parent.FullName <> book.FullName Then cells(1, 3) = DhMarkBook & book.FullName
    cells(2, 2) = DhSay("form.title")
    cells(3, 2) = DhSay("form.how")
    HeadCells = cells
End Function

Private Function FieldCells(ByRef values() As String, ByRef titles As Variant, ByRef templates As Variant) As Variant
    Dim cells() As Variant
    Dim keys As Variant
    Dim what As String
    Dim example As String
    Dim i As Long
    keys = DhFormKeys()
    ReDim cells(1 To UBound(values) + 1, 1 To 4)
    For i = 0 To UBound(values)
        cells(i + 1, 1) = MARK_FIELD & keys(i) & ";"
        cells(i + 1, 2) = DhSay("form_field." & keys(i))
        cells(i + 1, 3) = values(i)
        example = "{" & OneTitle(values, titles) & "}"
        If keys(i) = "columns" Then example = Join(titles, "; ")
        cells(i + 1, 4) = DhSay("form_hint." & keys(i), example)
        If keys(i) = "template" Then
            what = TextOfTitle(templates, values(i))
            If Len(what) > 0 Then cells(i + 1, 4) = what
        End If
    Next i
    FieldCells = cells
End Function

' A title for an example: that of the one column to read, else the first.
Private Function OneTitle(ByRef values() As String, ByRef titles As Variant) As String
    Dim keys As Variant
    Dim i As Long
    keys = DhFormKeys()
    OneTitle = titles(1)
    For i = 0 To UBound(values)
        If keys(i) = "columns" And Len(values(i)) > 0 And InStr(values(i), ";") = 0 Then OneTitle = values(i)
    Next i
End Function

Private Function TextOfTitle(ByRef templates As Variant, ByVal title As String) As String
    Dim rows As Variant
    Dim r As Long
    rows = DhRows(templates)
    For r = 1 To DhRowCount(templates)
        If CStr(rows(r, DhColumnOf(templates, "title"))) = title Then TextOfTitle = CStr(rows(r, DhColumnOf(templates, "what")))
    Next r
End Function

' The templates with what they do, what they write and what can be set; the person's own instruction first.
Private Function GuideCells(ByRef templates As Variant) As Variant
    Dim cells() As Variant
    Dim rows As Variant
    Dim note As String
    Dim r As Long
    ReDim cells(1 To DhRowCount(templates) + 2, 1 To 4)
    cells(1, 2) = DhSay("form.templates")
    cells(1, 3) = DhSay("form.what")
    cells(1, 4) = DhSay("form.writes")
    cells(2, 1) = MARK_TEMPLATE
    cells(2, 2) = DhSay("form.own")
    cells(2, 3) = DhSay("form.own_what")
    rows = DhRows(templates)
    For r = 1 To DhRowCount(templates)
        cells(r + 2, 1) = MARK_TEMPLATE & CStr(rows(r, DhColumnOf(templates, "name")))
        cells(r + 2, 2) = CStr(rows(r, DhColumnOf(templates, "title")))
        cells(r + 2, 3) = CStr(rows(r, DhColumnOf(templates, "what")))
        If rows(r, DhColumnOf(templates, "without_model")) Then cells(r + 2, 3) = cells(r + 2, 3) & DhSay("form.without_model")
        note = CStr(rows(r, DhColumnOf(templates, "columns")))
        If Len(note) = 0 Then note = DhSay("form.own_titles")
        If rows(r, DhColumnOf(templates, "needs_choices")) Then note = note & "; " & DhSay("form.needs_choices")
        If Len(CStr(rows(r, DhColumnOf(templates, "variables")))) > 0 Then note = note & "   [" & CStr(rows(r, DhColumnOf(templates, "variables"))) & "]"
        cells(r + 2, 4) = note
    Next r
    GuideCells = cells
End Function

' How the form looks. A host that lacks a part of it shows a plainer form.
Private Sub Dress(ByVal sheet As Worksheet, ByVal fields As Long, ByVal guide As Long, ByVal templates As Long)
    Dim asked As Range
    Dim listed As Range
    On Error Resume Next
    sheet.Cells(2, 2).Font.Bold = True
    sheet.Cells(2, 2).Font.Size = 15
    sheet.Cells(2, 2).Font.Color = RGB(31, 78, 121)
    sheet.Cells(3, 2).Font.Color = RGB(64, 64, 64)
    Set asked = sheet.Range(sheet.Cells(FIRST_FIELD, 3), sheet.Cells(FIRST_FIELD + fields - 1, 3))
    sheet.Range(sheet.Cells(FIRST_FIELD, 2), sheet.Cells(FIRST_FIELD + fields - 1, 2)).Font.Bold = True
    sheet.Range(sheet.Cells(FIRST_FIELD, 4), sheet.Cells(FIRST_FIELD + fields - 1, 4)).Font.Color = RGB(89, 89, 89)
    asked.Interior.Color = RGB(255, 250, 229)
    sheet.Range(sheet.Cells(FIRST_FIELD, 3), sheet.Cells(guide + templates - 1, 4)).IndentLevel = 1
    asked.Borders.LineStyle = 1
    asked.Borders.Color = RGB(191, 191, 191)
    sheet.Range(sheet.Cells(FIRST_FIELD, 2), sheet.Cells(guide + templates - 1, 4)).WrapText = True
    ' -4160 = at the top, 12 = lines between rows, 9 = below.
    sheet.Range(sheet.Cells(FIRST_FIELD, 2), sheet.Cells(guide + templates - 1, 4)).VerticalAlignment = -4160
    GrowRows sheet, FIRST_FIELD, guide + templates - 1
    ' An instruction is longer than a line.
    sheet.Rows(FIRST_FIELD + 2).RowHeight = 64
    Set listed = sheet.Range(sheet.Cells(guide, 2), sheet.Cells(guide + templates - 1, 4))
    listed.Borders(12).LineStyle = 1
    listed.Borders(12).Color = RGB(217, 217, 217)
    listed.Borders(9).LineStyle = 1
    listed.Borders(9).Color = RGB(217, 217, 217)
    sheet.Range(sheet.Cells(guide - 1, 2), sheet.Cells(guide - 1, 4)).Font.Bold = True
    sheet.Range(sheet.Cells(guide - 1, 2), sheet.Cells(guide - 1, 4)).Font.Color = RGB(255, 255, 255)
    sheet.Range(sheet.Cells(guide - 1, 2), sheet.Cells(guide - 1, 4)).Interior.Color = RGB(31, 78, 121)
    sheet.Parent.Windows(1).DisplayGridlines = False
End Sub

' Makes rows high enough for their texts. Reckoned, since not every host makes rows as high as what is written into them.
Private Sub GrowRows(ByVal sheet As Worksheet, ByVal first As Long, ByVal last As Long)
    Dim found As Variant
    Dim needed As Long
    Dim r As Long
    found = sheet.Range(sheet.Cells(first, 1), sheet.Cells(last, 4)).Value2
    For r = 1 To last - first + 1
        needed = LinesOf(CStr(found(r, 3)), 50)
        If LinesOf(CStr(found(r, 4)), 84) > needed Then needed = LinesOf(CStr(found(r, 4)), 84)
        sheet.Rows(first + r - 1).RowHeight = 15 * needed + 4
    Next r
End Sub

' In how many lines of so many letters a text stands; a Chinese character takes the room of two.
Private Function LinesOf(ByVal text As String, ByVal letters As Long) As Long
    Dim width As Long
    Dim i As Long
    width = Len(text)
    For i = 1 To Len(text)
        If AscW(Mid$(text, i, 1)) > 4351 Or AscW(Mid$(text, i, 1)) < 0 Then width = width + 1
    Next i
    LinesOf = 1
    If width > letters Then LinesOf = 1 + (width - 1) \ letters
End Function

' Lists to choose from; what is typed beside them is taken, too.
Private Sub OfferChoices(ByVal sheet As Worksheet, ByRef values() As String, ByRef titles As Variant, ByVal guide As Long, ByVal templates As Long)
    Dim keys As Variant
    Dim choices As String
    Dim i As Long
    keys = DhFormKeys()
    For i = 0 To UBound(values)
        choices = ""
        Select Case keys(i)
            Case "template"
                choices = "=$B$" & guide & ":$B$" & (guide + templates - 1)
            Case "columns"
                choices = Join(titles, ",")
            Case "type"
                choices = DhSay("form.types")
            Case "rows"
                choices = DhSay("form.rows")
                ' Rows by number have commas of their own only where there are several runs of them.
                If InStr(values(i), ",") = 0 And InStr(choices, values(i)) = 0 Then choices = choices & "," & values(i)
            Case "filled"
                choices = DhSay("form.filled")
        End Select
        ' Excel takes 255 characters.
        If Len(choices) > 0 And Len(choices) <= 255 Then DhTickList sheet.Cells(FIRST_FIELD + i, 3), choices
    Next i
End Sub

Private Function MarkedText(ByVal sheet As Worksheet, ByVal beginning As String) As String
    Dim row As Long
    Dim column As Long
    Mark sheet, beginning, row, column
    If row > 0 Then MarkedText = Mid$(CStr(sheet.Cells(row, column).Value2), Len(beginning) + 1)
End Function

' Where the cell stands that begins like this; row 0 where there is none.
Private Sub Mark(ByVal sheet As Worksheet, ByVal beginning As String, ByRef row As Long, ByRef column As Long)
    Dim found As Variant
    Dim r As Long
    Dim c As Long
    row = 0
    found = sheet.Range(MARKS_WITHIN).Value2
    For r = 1 To UBound(found, 1)
        For c = 1 To UBound(found, 2)
            If VarType(found(r, c)) = vbString Then
                If Left$(found(r, c), Len(beginning)) = beginning Then
                    row = r
                    column = c
                    Exit Sub
                End If
            End If
        Next c
    Next r
End Sub
