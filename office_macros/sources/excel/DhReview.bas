Attribute VB_Name = "DhReview"
' The button Review, and the making of a list: a sheet with a line for each change and flag, written as arrays, with a
' tick, a link to the cell, before, after and the reason. Reading a list back is DhList's business.
Option Explicit

' Lines up to which rows grow with their text and are tinted by verdict; beyond it takes Excel too long.
Private Const LINES_TO_DRESS As Long = 3000

Public Sub DhRunReview()
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    ShowList
    DhEnd
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

' A new list in the workbook, or in one of its own where the workbook takes no sheet. notes: lines of text to stand
' above it. The list is in front afterwards.
Public Sub DhMakeList(ByVal book As Workbook, ByRef job As Variant, ByVal notes As String)
    Dim result As Variant
    Dim sheet As Worksheet
    Dim keys() As String
    Dim lines() As String
    Dim head As Long
    Dim count As Long
    Dim text As String
    Dim number As Long
    Dim description As String
    DhStatus DhSay("status.listing")
    result = DhRead(DhRequest("GET", "/v1/jobs/" & DhPathText(DhOption(job, "job", "")) & "/result", "", 0))
    keys = Split(DhOption(result, "columns", ""), ",")
    If UBound(keys) < 0 Or DhRowCount(result) = 0 Then DhStop DhSay("clean.nothing")
    DhHold
    Set sheet = DhNewSheet(book, DhSay("review.sheet"))
    On Error GoTo Failed
    text = DhSay("review.summary", DhOption(job, "safe", "0"), DhOption(job, "review", "0"), DhOption(job, "flags", "0"))
    If Len(notes) > 0 Then text = text & vbLf & notes
    If sheet.Parent.FullName <> book.FullName Then text = text & vbLf & DhSay("review.other_book", book.Name)
    If DhOption(job, "task", "") = "fill" Then
        text = text & vbLf & DhSay("fill.verdicts") & vbLf & DhSay("review.next")
    Else
        text = text & vbLf & DhSay("review.verdicts") & vbLf & DhSay("review.next")
    End If
    head = UBound(Split(text, vbLf)) + 5
    count = DhRowCount(result)
    If count > sheet.Rows.Count - head Then
        count = sheet.Rows.Count - head - 1
        head = head + 1
        text = text & vbLf & DhSay("review.cut", CStr(DhRowCount(result) - count))
    End If
    lines = Split(text, vbLf)
    WriteLines sheet, book, result, keys, head, count
    WriteHead sheet, book, result, keys, lines, head
    WriteMarks sheet, book, job, keys
    Dress sheet, keys, UBound(lines) + 1, head, count
    sheet.Parent.Activate
    sheet.Activate
    ShowFromTop sheet, head
    Exit Sub
Failed:
    number = Err.Number
    description = Err.Description
    DhDropSheet sheet, book
    Err.Raise number, "Deskhand", description
End Sub

' The list in front brought up to date, else the newest list about the workbook in front, else that of its last job.
Private Sub ShowList()
    Dim book As Workbook
    Dim sheet As Worksheet
    Dim jobs As Variant
    Dim rows As Variant
    Dim nothingRefused As Variant
    Set book = DhBookInFront()
    If DhIsList(ActiveSheet) Then
        Set sheet = ActiveSheet
        DhHold
        DhListUpdate sheet, False, nothingRefused
        Exit Sub
    End If
    Set sheet = DhListAbout(book, "")
    If Not sheet Is Nothing Then
        sheet.Parent.Activate
        sheet.Activate
        Exit Sub
    End If
    jobs = DhRead(DhRequest("GET", "/v1/jobs?state=done&limit=1&workbook=" & DhPathText(book.FullName), "", 0))
    If DhRowCount(jobs) = 0 Then DhStop DhSay("error.no_review")
    rows = DhRows(jobs)
    DhMakeList book, DhJobNow(CStr(rows(1, DhColumnOf(jobs, "job")))), ""
End Sub

' The lines below row head: all as text, but for the link, the confidence and the number.
Private Sub WriteLines(ByVal sheet As Worksheet, ByVal book As Workbook, ByRef result As Variant, ByRef keys() As String, ByVal head As Long, ByVal count As Long)
    Dim rows As Variant
    Dim values() As Variant
    Dim links() As Variant
    Dim other As String
    Dim r As Long
    Dim c As Long
    Dim at As Long
    Dim sheetAt As Long
    Dim acceptAt As Long
    rows = DhRows(result)
    at = KeyAt(keys, "cell")
    sheetAt = KeyAt(keys, "sheet")
    acceptAt = KeyAt(keys, "accept")
    If sheet.Parent.FullName <> book.FullName Then other = "[" & book.Name & "]"
    ReDim values(1 To count, 1 To UBound(keys) + 1)
    ReDim links(1 To count, 1 To 1)
    For r = 1 To count
        For c = 1 To UBound(keys) + 1
            Select Case keys(c - 1)
                Case "accept"
                    If Not IsEmpty(rows(r, c)) Then
                        If rows(r, c) Then values(r, c) = DhTick()
                    End If
                Case "cell"
                    links(r, 1) = Link(other & CStr(rows(r, sheetAt)), CStr(rows(r, c)))
                Case "confidence"
                    values(r, c) = rows(r, c)
                Case "id"
                    ' What can't be ticked has no number.
                    If Not IsEmpty(rows(r, acceptAt)) Then values(r, c) = CLng(Val(CStr(rows(r, c))))
                Case Else
                    values(r, c) = CStr(rows(r, c))
            End Select
        Next c
    Next r
    ' Widths and wrapping come before the values, so that Excel makes the rows as high as their texts.
    For c = 1 To UBound(keys) + 1
        sheet.Columns(c).ColumnWidth = WidthOf(keys(c - 1))
        Select Case keys(c - 1)
            Case "cell", "id"
            Case "confidence"
                LineCells(sheet, head + 1, c, count).NumberFormat = "0%"
            Case Else
                LineCells(sheet, head + 1, c, count).NumberFormat = "@"
        End Select
        If keys(c - 1) = "reason" And count <= LINES_TO_DRESS Then LineCells(sheet, head + 1, c, count).WrapText = True
    Next c
    DhPutArray sheet.Cells(head + 1, 1), values
    LineCells(sheet, head + 1, at, count).Formula = links
End Sub

' A formula that jumps to a cell; as a formula, so that any number of them is fast. Excel takes 255 characters of text in
' a formula; where a workbook's name is that long, the cell's name alone.
Private Function Link(ByVal sheetName As String, ByVal place As String) As String
    Dim target As String
    target = "#'" & Replace(sheetName, "'", "''") & "'!" & place
    Link = place
    If Len(target) <= 255 Then Link = "=HYPERLINK(""" & Replace(target, """", """""") & """,""" & place & """)"
End Function

Private Sub WriteHead(ByVal sheet As Worksheet, ByVal book As Workbook, ByRef result As Variant, ByRef keys() As String, ByRef lines() As String, ByVal head As Long)
    Dim titles As Variant
    Dim row() As Variant
    Dim notes() As Variant
    Dim i As Long
    titles = DhTitles(result)
    ReDim row(1 To 1, 1 To UBound(keys) + 1)
    For i = 1 To UBound(keys) + 1
        row(1, i) = titles(i)
    Next i
    ReDim notes(1 To UBound(lines) + 1, 1 To 1)
    For i = 0 To UBound(lines)
        notes(i + 1, 1) = lines(i)
    Next i
    sheet.Range(sheet.Cells(2, 1), sheet.Cells(head, UBound(keys) + 1)).NumberFormat = "@"
    sheet.Cells(2, 1).Value2 = DhSay("review.title", book.Name)
    DhPutArray sheet.Cells(3, 1), notes
    DhPutArray sheet.Cells(head, 1), row
End Sub

' The hidden row by which DhList knows the sheet again.
Private Sub WriteMarks(ByVal sheet As Worksheet, ByVal book As Workbook, ByRef job As Variant, ByRef keys() As String)
    Dim marks() As Variant
    Dim i As Long
    Dim n As Long
    n = UBound(keys) + 1
    ReDim marks(1 To 1, 1 To n + 4)
    For i = 1 To n
        marks(1, i) = DhMarkColumn & keys(i - 1) & ";"
    Next i
    marks(1, n + 1) = DhMarkJob & DhOption(job, "job", "")
    marks(1, n + 2) = DhMarkBook
    If sheet.Parent.FullName <> book.FullName Then marks(1, n + 2) = DhMarkBook & book.FullName
    marks(1, n + 3) = DhMarkMade & DhNumberText(DhSeconds())
    marks(1, n + 4) = DhMarkFinished & DhOption(job, "finished", "")
    DhPutArray sheet.Cells(1, 1), marks
    sheet.Rows(1).Hidden = True
End Sub

' How the list looks. A host that lacks a part of it shows a plainer list.
Private Sub Dress(ByVal sheet As Worksheet, ByRef keys() As String, ByVal notes As Long, ByVal head As Long, ByVal count As Long)
    Dim titles As Range
    Dim body As Range
    Dim all As Range
    Dim c As Long
    On Error Resume Next
    Set titles = sheet.Range(sheet.Cells(head, 1), sheet.Cells(head, UBound(keys) + 1))
    Set body = sheet.Range(sheet.Cells(head + 1, 1), sheet.Cells(head + count, UBound(keys) + 1))
    Set all = sheet.Range(sheet.Cells(head, 1), sheet.Cells(head + count, UBound(keys) + 1))
    For c = 1 To UBound(keys) + 1
        DressColumn LineCells(sheet, head, c, count + 1), keys(c - 1)
    Next c
    sheet.Cells(2, 1).Font.Bold = True
    sheet.Cells(2, 1).Font.Size = 15
    sheet.Cells(2, 1).Font.Color = RGB(31, 78, 121)
    sheet.Range(sheet.Cells(3, 1), sheet.Cells(2 + notes, 1)).Font.Color = RGB(64, 64, 64)
    sheet.Cells(2 + notes, 1).Font.Bold = True
    ' -4160 = at the top, -4108 = in the middle, 12 = lines between rows, 9 = below, 1 = thin.
    body.VerticalAlignment = -4160
    body.Borders(12).LineStyle = 1
    body.Borders(12).Color = RGB(217, 217, 217)
    body.Borders(9).LineStyle = 1
    body.Borders(9).Color = RGB(217, 217, 217)
    titles.Font.Bold = True
    titles.Font.Color = RGB(255, 255, 255)
    titles.Interior.Color = RGB(31, 78, 121)
    titles.VerticalAlignment = -4108
    titles.WrapText = True
    sheet.Rows(head).RowHeight = 24
    DhTickList LineCells(sheet, head + 1, KeyAt(keys, "accept"), count), DhTick() & ","
    If count <= LINES_TO_DRESS Then
        TintVerdicts sheet, KeyAt(keys, "verdict"), head, count
        GrowRows sheet, KeyAt(keys, "reason"), head, count
    End If
    all.AutoFilter
End Sub

Private Sub DressColumn(ByVal lines As Range, ByVal key As String)
    On Error Resume Next
    Select Case key
        Case "accept"
            lines.HorizontalAlignment = -4108
            lines.Font.Bold = True
            lines.Font.Color = RGB(0, 97, 0)
            lines.Interior.Color = RGB(242, 247, 252)
        Case "cell"
            ' 2 = underlined
            lines.Font.Underline = 2
            lines.Font.Color = RGB(5, 99, 193)
        Case "before"
            lines.Font.Color = RGB(156, 0, 6)
        Case "after"
            lines.Font.Color = RGB(0, 97, 0)
        Case "verdict"
            lines.HorizontalAlignment = -4108
        Case "confidence", "id"
            lines.HorizontalAlignment = -4108
            lines.Font.Color = RGB(89, 89, 89)
        Case "proposer", "rule"
            lines.Font.Color = RGB(89, 89, 89)
    End Select
End Sub

' Lines of one verdict after the other share a tint: what is for the person to decide, and what is only to look at.
Private Sub TintVerdicts(ByVal sheet As Worksheet, ByVal column As Long, ByVal head As Long, ByVal count As Long)
    Dim verdicts As Variant
    Dim first As Long
    Dim last As Long
    verdicts = sheet.Range(sheet.Cells(head, column), sheet.Cells(head + count, column)).Value2
    first = 2
    Do While first <= count + 1
        last = first
        Do While last <= count
            If verdicts(last + 1, 1) <> verdicts(first, 1) Then Exit Do
            last = last + 1
        Loop
        Select Case verdicts(first, 1)
            Case DhSay("verdict.review")
                LineCells(sheet, head + first - 1, column, last - first + 1).Interior.Color = RGB(255, 242, 204)
            Case DhSay("verdict.flag")
                LineCells(sheet, head + first - 1, column, last - first + 1).Interior.Color = RGB(237, 237, 237)
            Case DhSay("verdict.safe")
                LineCells(sheet, head + first - 1, column, last - first + 1).Interior.Color = RGB(226, 239, 218)
        End Select
        first = last + 1
    Loop
End Sub

' Makes the rows of long reasons higher. Reckoned, since not every host makes rows as high as what is written into them.
Private Sub GrowRows(ByVal sheet As Worksheet, ByVal column As Long, ByVal head As Long, ByVal count As Long)
    Dim reasons As Variant
    Dim needed As Long
    Dim r As Long
    reasons = sheet.Range(sheet.Cells(head, column), sheet.Cells(head + count, column)).Value2
    For r = 2 To count + 1
        needed = TextLines(CStr(reasons(r, 1)))
        ' Excel takes 409 points.
        If needed > 27 Then needed = 27
        If needed > 1 Then sheet.Rows(head + r - 1).RowHeight = 15 * needed
    Next r
End Sub

' In how many lines a reason stands: 85 letters in one, or 32 Chinese characters, as the column's width holds them.
Private Function TextLines(ByVal text As String) As Long
    Dim width As Long
    Dim i As Long
    For i = 1 To Len(text)
        width = width + 16
        If AscW(Mid$(text, i, 1)) > 4351 Or AscW(Mid$(text, i, 1)) < 0 Then width = width + 26
    Next i
    TextLines = 1 + (width - 1) \ 1360
End Function

' In characters of the standard font.
Private Function WidthOf(ByVal key As String) As Double
    Select Case key
        Case "accept", "id"
            WidthOf = 9
        Case "cell", "verdict"
            WidthOf = 11
        Case "confidence", "proposer"
            WidthOf = 13
        Case "sheet", "column"
            WidthOf = 16
        Case "state"
            WidthOf = 20
        Case "reason"
            WidthOf = 68
        Case Else
            WidthOf = 26
    End Select
End Function

Private Sub ShowFromTop(ByVal sheet As Worksheet, ByVal head As Long)
    On Error Resume Next
    sheet.Parent.Windows(1).DisplayGridlines = False
    sheet.Cells(head + 1, 1).Select
    DhFreezeAbove sheet, head + 1
End Sub

' Some rows of one column.
Private Function LineCells(ByVal sheet As Worksheet, ByVal row As Long, ByVal column As Long, ByVal count As Long) As Range
    Set LineCells = sheet.Range(sheet.Cells(row, column), sheet.Cells(row + count - 1, column))
End Function

' Where a key stands, counted from 1; 0 where it does not.
Private Function KeyAt(ByRef keys() As String, ByVal key As String) As Long
    Dim i As Long
    For i = 0 To UBound(keys)
        If keys(i) = key Then KeyAt = i + 1
    Next i
End Function
