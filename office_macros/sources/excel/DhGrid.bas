Attribute VB_Name = "DhGrid"
' Rectangles of cells as text: their values, formats, hidden rows, and which cells hold formulas, are merged, locked or
' formatted inside. Everything is read as arrays or in runs of rows; there is no call per cell. Nothing here writes.
Option Explicit

' Cells read at one time, so that a 32-bit Excel never holds a second copy of a whole sheet.
Private Const CELLS_AT_ONCE As Long = 20000
' Cells sent with one request; the service takes 64 MB.
Private Const MOST_CELLS As Double = 5000000

Private seenCells As Long
Private seenFormulas As Long
Private seenMerged As Long
Private seenRich As Long
Private seenLocked As Long
Private seenHidden As Long

' How many rows of these rectangles are hidden, by a filter or by hand.
Public Function DhHiddenRows(ByVal areas As Collection) As Long
    Dim area As Object
    Dim part As Variant
    For Each area In areas
        For Each part In DhHiddenRuns(area)
            DhHiddenRows = DhHiddenRows + part(1) - part(0) + 1
        Next part
    Next area
End Function

' All rectangles as text, one grid after another. options: DhOptionLine's lines, for the first. withHeader: a table's
' titles are sent with it.
Public Function DhGridsText(ByVal areas As Collection, ByVal options As String, ByVal withHeader As Boolean) As String
    Dim texts() As String
    Dim area As Object
    Dim cells As Double
    Dim i As Long
    For Each area In areas
        cells = cells + CDbl(area.Rows.Count) * area.Columns.Count
    Next area
    If cells > MOST_CELLS Then Err.Raise DhErrTooMany, "Deskhand", CStr(cells)
    seenCells = 0
    seenFormulas = 0
    seenMerged = 0
    seenRich = 0
    seenLocked = 0
    seenHidden = 0
    ReDim texts(1 To areas.Count)
    For i = 1 To areas.Count
        texts(i) = GridText(areas(i), options, withHeader)
        options = ""
    Next i
    DhGridsText = Join(texts, "")
End Function

' What the last DhGridsText met: how many "cells", "formulas", "merged", "rich", "locked" cells, "hidden" rows.
Public Function DhSeen(ByVal what As String) As Long
    Select Case what
        Case "cells"
            DhSeen = seenCells
        Case "formulas"
            DhSeen = seenFormulas
        Case "merged"
            DhSeen = seenMerged
        Case "rich"
            DhSeen = seenRich
        Case "locked"
            DhSeen = seenLocked
        Case "hidden"
            DhSeen = seenHidden
    End Select
End Function

Private Function GridText(ByVal area As Object, ByVal options As String, ByVal withHeader As Boolean) As String
    Dim pieces() As String
    Dim marks As Variant
    Dim someMarks As Variant
    Dim rows As Long
    Dim columns As Long
    Dim block As Long
    Dim first As Long
    Dim last As Long
    Dim n As Long
    rows = area.Rows.Count
    columns = area.Columns.Count
    seenCells = seenCells + rows * columns
    marks = MarksOf(area)
    block = CELLS_AT_ONCE \ columns
    If block < 1 Then block = 1
    ReDim pieces(0 To (rows - 1) \ block + 1)
    pieces(0) = Head(area, withHeader) & options & vbLf
    For first = 1 To rows Step block
        last = first + block - 1
        If last > rows Then last = rows
        n = n + 1
        someMarks = marks
        If IsArray(marks) And block < rows Then someMarks = RowsFrom(marks, first, last)
        pieces(n) = DhLines(Values(DhPiece(area, first, 1, last, columns)), someMarks)
    Next first
    GridText = Join(pieces, "")
End Function

Private Function Head(ByVal area As Object, ByVal withHeader As Boolean) As String
    Dim text As String
    text = "#size" & vbTab & area.Rows.Count & vbTab & area.Columns.Count & vbLf
    text = text & DhOptionLine("sheet", area.Worksheet.Name)
    text = text & "#address" & vbTab & area.Cells(1, 1).Address(False, False) & vbLf
    If CountsFrom1904(area.Worksheet.Parent) Then text = text & "#1904" & vbTab & "1" & vbLf
    If withHeader Then text = text & HeaderLine(area)
    Head = text & FormatLines(area) & HiddenLine(area)
End Function

Private Function CountsFrom1904(ByVal book As Object) As Boolean
    On Error Resume Next
    CountsFrom1904 = book.Date1904
End Function

' The titles of the columns; "" where none stand above the rectangle, so that its first row may hold them.
Private Function HeaderLine(ByVal area As Object) As String
    Dim row As Object
    Dim titles As Variant
    Dim fields() As String
    Dim c As Long
    Set row = DhTitlesAbove(area)
    If row Is Nothing Then Exit Function
    titles = Values(row)
    ReDim fields(0 To UBound(titles, 2))
    fields(0) = "#header"
    For c = 1 To UBound(titles, 2)
        fields(c) = DhEscape(CStr(titles(1, c)))
    Next c
    HeaderLine = Join(fields, vbTab) & vbLf
End Function

' The most frequent number format of each column, and the rows that have another. General is not said.
Private Function FormatLines(ByVal area As Object) As String
    Dim whole As Variant
    Dim c As Long
    whole = area.NumberFormat
    For c = 1 To area.Columns.Count
        If IsNull(whole) Then
            FormatLines = FormatLines & ColumnFormat(area.Columns(c), c)
        ElseIf whole <> "General" Then
            FormatLines = FormatLines & FormatLine(c, CStr(whole), "")
        End If
    Next c
End Function

Private Function ColumnFormat(ByVal cells As Object, ByVal number As Long) As String
    Dim parts As Collection
    Dim part As Variant
    Dim codes() As String
    Dim counts() As Long
    Dim rows() As String
    Dim count As Long
    Dim most As Long
    Dim i As Long
    Dim n As Long
    Set parts = DhRunsOf(cells, "format")
    ReDim codes(1 To parts.Count)
    ReDim counts(1 To parts.Count)
    For Each part In parts
        For i = 1 To count
            If codes(i) = part(2) Then Exit For
        Next i
        If i > count Then
            count = i
            codes(i) = part(2)
        End If
        counts(i) = counts(i) + part(1) - part(0) + 1
    Next part
    most = 1
    For i = 2 To count
        If counts(i) > counts(most) Then most = i
    Next i
    If count > 1 Or codes(most) <> "General" Then ColumnFormat = FormatLine(number, codes(most), "")
    For i = 1 To count
        If i <> most Then
            ReDim rows(1 To parts.Count)
            n = 0
            For Each part In parts
                If part(2) = codes(i) Then
                    n = n + 1
                    rows(n) = Span(part)
                End If
            Next part
            ReDim Preserve rows(1 To n)
            ColumnFormat = ColumnFormat & FormatLine(number, codes(i), Join(rows, ","))
        End If
    Next i
End Function

Private Function FormatLine(ByVal number As Long, ByVal code As String, ByVal rows As String) As String
    FormatLine = "#format" & vbTab & number & vbTab & DhEscape(code)
    If Len(rows) > 0 Then FormatLine = FormatLine & vbTab & rows
    FormatLine = FormatLine & vbLf
End Function

Private Function HiddenLine(ByVal area As Object) As String
    Dim parts As Collection
    Dim part As Variant
    Dim rows() As String
    Dim n As Long
    Set parts = DhHiddenRuns(area)
    If parts.Count = 0 Then Exit Function
    ReDim rows(1 To parts.Count)
    For Each part In parts
        n = n + 1
        rows(n) = Span(part)
        seenHidden = seenHidden + part(1) - part(0) + 1
    Next part
    HiddenLine = "#hidden" & vbTab & Join(rows, ",") & vbLf
End Function

Private Function Span(ByRef part As Variant) As String
    Span = CStr(part(0))
    If part(1) > part(0) Then Span = Span & "-" & part(1)
End Function

' What stands in front of each cell, rows x columns; Empty where there is nothing to say of any.
Private Function MarksOf(ByVal area As Object) As Variant
    Dim marks As Variant
    Dim cells As Object
    Dim c As Long
    Dim formulas As Boolean
    Dim merged As Boolean
    Dim rich As Boolean
    Dim locked As Boolean
    formulas = MayBe(area.HasFormula) Or MaySpill(area)
    merged = MayBe(area.MergeCells)
    rich = MayBe(DhStateOf(area, "rich"))
    locked = IsProtected(area.Worksheet)
    If locked Then locked = MayBe(area.Locked)
    If Not (formulas Or merged Or rich Or locked) Then Exit Function
    ReDim marks(1 To area.Rows.Count, 1 To area.Columns.Count)
    For c = 1 To area.Columns.Count
        Set cells = area.Columns(c)
        ' In the wire's order: f: m: r: l:
        If formulas Then MarkFormulas marks, c, cells
        If merged Then MarkMerged marks, c, cells
        If rich Then MarkRich marks, c, cells
        If locked Then MarkLocked marks, c, cells
    Next c
    MarksOf = marks
End Function

' True, or not the same everywhere.
Private Function MayBe(ByVal answer As Variant) As Boolean
    MayBe = True
    If Not IsNull(answer) Then MayBe = answer
End Function

' Whether a dynamic array's results may stand here. Older versions have none, and no such question.
Private Function MaySpill(ByVal area As Object) As Boolean
    On Error GoTo Unknown
    MaySpill = MayBe(area.HasSpill)
Unknown:
End Function

Private Function IsProtected(ByVal sheet As Object) As Boolean
    On Error Resume Next
    IsProtected = sheet.ProtectContents
End Function

' A formula's text begins with = and is not the cell's value, as a text that begins with = is. Where a dynamic array
' spilled, there is a value and no text at all.
Private Sub MarkFormulas(ByRef marks As Variant, ByVal column As Long, ByVal cells As Object)
    Dim formulas As Variant
    Dim found As Variant
    Dim every As Variant
    Dim spilled As Boolean
    Dim formula As Boolean
    Dim r As Long
    every = cells.HasFormula
    spilled = MaySpill(cells)
    If Not (MayBe(every) Or spilled) Then Exit Sub
    formulas = FormulasOf(cells)
    found = Values(cells)
    For r = 1 To UBound(formulas, 1)
        If Left$(formulas(r, 1), 1) = "=" Then
            formula = True
            ' 8 = a text
            If VarType(found(r, 1)) = 8 Then formula = (found(r, 1) <> formulas(r, 1))
        Else
            formula = spilled And Len(formulas(r, 1)) = 0 And Not IsEmpty(found(r, 1))
        End If
        If formula Then
            marks(r, column) = "f:"
            seenFormulas = seenFormulas + 1
        End If
    Next r
End Sub

' The cells that a merged block covers, its first one apart.
Private Sub MarkMerged(ByRef marks As Variant, ByVal column As Long, ByVal cells As Object)
    Dim part As Variant
    Dim cell As Object
    Dim r As Long
    For Each part In DhRunsOf(cells, "merged")
        If part(2) Then
            For r = part(0) To part(1)
                Set cell = cells.Cells(r, 1)
                If cell.MergeArea.Row <> cell.Row Or cell.MergeArea.Column <> cell.Column Then
                    marks(r, column) = marks(r, column) & "m:"
                    seenMerged = seenMerged + 1
                End If
            Next r
        End If
    Next part
End Sub

' Only a constant text can have formats of its own inside.
Private Sub MarkRich(ByRef marks As Variant, ByVal column As Long, ByVal cells As Object)
    Dim part As Variant
    For Each part In DhRunsOf(cells, "rich")
        If part(2) Then
            If Left$(marks(part(0), column), 2) <> "f:" Then
                marks(part(0), column) = marks(part(0), column) & "r:"
                seenRich = seenRich + 1
            End If
        End If
    Next part
End Sub

Private Sub MarkLocked(ByRef marks As Variant, ByVal column As Long, ByVal cells As Object)
    Dim part As Variant
    Dim r As Long
    For Each part In DhRunsOf(cells, "locked")
        If part(2) Then
            For r = part(0) To part(1)
                marks(r, column) = marks(r, column) & "l:"
            Next r
            seenLocked = seenLocked + part(1) - part(0) + 1
        End If
    Next part
End Sub

' The values as an array, of one cell too.
Private Function Values(ByVal cells As Object) As Variant
    Values = AsArray(DhValues(cells))
End Function

Private Function FormulasOf(ByVal cells As Object) As Variant
    FormulasOf = AsArray(cells.Formula)
End Function

Private Function AsArray(ByVal found As Variant) As Variant
    Dim one(1 To 1, 1 To 1) As Variant
    If IsArray(found) Then
        AsArray = found
    Else
        one(1, 1) = found
        AsArray = one
    End If
End Function

Private Function RowsFrom(ByRef marks As Variant, ByVal first As Long, ByVal last As Long) As Variant
    Dim some() As Variant
    Dim r As Long
    Dim c As Long
    ReDim some(1 To last - first + 1, 1 To UBound(marks, 2))
    For r = first To last
        For c = 1 To UBound(marks, 2)
            some(r - first + 1, c) = marks(r, c)
        Next c
    Next r
    RowsFrom = some
End Function
