Attribute VB_Name = "DhPicked"
' What a selection means: the rectangles of value cells to send, the titles above them, and the rectangles that a job
' names. Nothing here writes.
Option Explicit

' Rows at the top of a region in which its titles are looked for.
Private Const TITLES_WITHIN As Long = 10

' The rectangles of value cells that a selection means, in its order and without overlaps: one cell means its table or
' the region around it; in a table the titles and the totals do not count; all is cut to what is used.
' Raises DhErrNoCells where the selection is no cells or they are empty.
Public Function DhAreas(ByVal picked As Object) As Collection
    Dim found As Collection
    Dim area As Object
    Set found = New Collection
    If AreaCount(picked) = 0 Then Err.Raise DhErrNoCells, "Deskhand", "selection"
    If IsOneCell(picked) Then
        Set area = Around(picked.Cells(1, 1))
        If Not area Is Nothing Then AddArea found, area
    Else
        For Each area In picked.Areas
            AddArea found, area
        Next area
    End If
    If found.Count = 0 Then Err.Raise DhErrNoCells, "Deskhand", "empty"
    Set DhAreas = found
End Function

' The values of the whole table that a cell stands in: of a table (ListObject) its rows, with the columns right beside it
' that are not empty; else of the region around the cell what stands below its titles. Raises DhErrNoCells.
Public Function DhTableUnder(ByVal cell As Object) As Object
    Dim table As Object
    Dim found As Collection
    Dim area As Object
    Dim r As Long
    Set table = DhTableAt(cell)
    Set found = DhAreas(cell.Cells(1, 1))
    Set area = found(1)
    If table Is Nothing Then
        r = TitleRow(area, area.Rows.Count - 1)
        If r > 0 Then Set area = DhPiece(area, r + 1, 1, area.Rows.Count, area.Columns.Count)
    Else
        Do While area.Column + area.Columns.Count <= area.Worksheet.Columns.Count
            If Filled(DhPiece(table.Range, 1, area.Columns.Count + 1, table.Range.Rows.Count, area.Columns.Count + 1)) = 0 Then Exit Do
            Set area = DhPiece(area, 1, 1, area.Rows.Count, area.Columns.Count + 1)
        Loop
    End If
    Set DhTableUnder = area
End Function

' The first cell of a selection that holds something in its first column; its very first one where none does.
Public Function DhFirstFilled(ByVal picked As Object) As Object
    Dim used As Object
    Dim found As Variant
    Dim r As Long
    Set DhFirstFilled = picked.Cells(1, 1)
    Set used = Application.Intersect(picked.Areas(1).Columns(1), picked.Worksheet.UsedRange)
    If used Is Nothing Then Exit Function
    found = DhValues(used)
    If Not IsArray(found) Then Exit Function
    For r = 1 To UBound(found, 1)
        If Not IsEmpty(found(r, 1)) Then
            Set DhFirstFilled = used.Cells(r, 1)
            Exit Function
        End If
    Next r
End Function

' The titles of a rectangle's columns, a 1-based array of texts; the columns' letters where they have none.
Public Function DhTitleTexts(ByVal area As Object) As Variant
    Dim titles As Object
    Dim found() As String
    Dim c As Long
    ReDim found(1 To area.Columns.Count)
    Set titles = DhTitlesAbove(area)
    For c = 1 To area.Columns.Count
        If Not titles Is Nothing Then found(c) = CStr(DhValues(titles.Cells(1, c)))
        If Len(found(c)) = 0 Then found(c) = Split(area.Cells(1, c).Address(True, False), "$")(0)
    Next c
    DhTitleTexts = found
End Function

' The rectangles that the lines of a job's reply name by sheet and range, in that order. Raises DhErrGone.
Public Function DhRangesOf(ByVal book As Object, ByRef reply As Variant) As Collection
    Dim found As Collection
    Dim rows As Variant
    Dim sheetColumn As Long
    Dim rangeColumn As Long
    Dim r As Long
    Set found = New Collection
    rows = DhRows(reply)
    sheetColumn = DhColumnOf(reply, "sheet")
    rangeColumn = DhColumnOf(reply, "range")
    For r = 1 To DhRowCount(reply)
        found.Add RangeNamed(book, CStr(rows(r, sheetColumn)), CStr(rows(r, rangeColumn)))
    Next r
    Set DhRangesOf = found
End Function

' The table (ListObject) that the first cell stands in; Nothing where there is none, or the host has no tables.
Public Function DhTableAt(ByVal cell As Object) As Object
    On Error Resume Next
    Set DhTableAt = cell.Cells(1, 1).ListObject
End Function

' The row of titles over a rectangle of values: its table's, or in a plain region the first row filled throughout, where
' that holds nothing but texts and stands above the rectangle. Nothing where there is none; the rectangle's own first row
' may be titles then.
Public Function DhTitlesAbove(ByVal area As Object) As Object
    Dim table As Object
    Dim titles As Object
    Set table = DhTableAt(area)
    If table Is Nothing Then
        Set titles = TopTitles(area)
    ElseIf IsWithinRows(table, area) Then
        Set titles = table.HeaderRowRange
        If Not titles Is Nothing Then Set titles = titles.EntireRow
    End If
    If titles Is Nothing Then Exit Function
    Set titles = Application.Intersect(titles, area.EntireColumn)
    If titles Is Nothing Then Exit Function
    If titles.Columns.Count = area.Columns.Count Then Set DhTitlesAbove = titles
End Function

' A rectangle inside a rectangle, its rows and columns counted from 1.
Public Function DhPiece(ByVal area As Object, ByVal row1 As Long, ByVal column1 As Long, ByVal row2 As Long, ByVal column2 As Long) As Object
    Set DhPiece = area.Worksheet.Range(area.Cells(row1, column1), area.Cells(row2, column2))
End Function

' A shape, a chart or nothing at all has no areas.
Private Function AreaCount(ByVal picked As Object) As Long
    On Error Resume Next
    AreaCount = picked.Areas.Count
End Function

' One cell, or one merged block, which is what a click on it selects.
Private Function IsOneCell(ByVal picked As Object) As Boolean
    If picked.Areas.Count > 1 Then Exit Function
    If picked.Rows.Count = 1 And picked.Columns.Count = 1 Then
        IsOneCell = True
    ElseIf picked.Rows.Count <= 1000 And picked.Columns.Count <= 1000 Then
        IsOneCell = (picked.Cells(1, 1).MergeArea.Address = picked.Address)
    End If
End Function

' Whether a rectangle lies in a table's rows of values; it may go on to the right of the table.
Private Function IsWithinRows(ByVal table As Object, ByVal area As Object) As Boolean
    Dim inside As Object
    If table.DataBodyRange Is Nothing Then Exit Function
    Set inside = Application.Intersect(area, table.DataBodyRange.EntireRow)
    If inside Is Nothing Then Exit Function
    If inside.Address <> area.Address Then Exit Function
    IsWithinRows = True
    ' What stands over the columns beside the table may be anything; titles are texts.
    If area.Column + area.Columns.Count > table.Range.Column + table.Range.Columns.Count Then IsWithinRows = TitlesBeside(table, area)
End Function

Private Function TitlesBeside(ByVal table As Object, ByVal area As Object) As Boolean
    Dim found As Variant
    Dim c As Long
    If table.HeaderRowRange Is Nothing Then Exit Function
    found = DhValues(Application.Intersect(table.HeaderRowRange.EntireRow, area.EntireColumn))
    If Not IsArray(found) Then Exit Function
    For c = 1 To UBound(found, 2)
        If VarType(found(1, c)) <> vbString And Not IsEmpty(found(1, c)) Then Exit Function
    Next c
    TitlesBeside = True
End Function

' The first full row of the region, above the rectangle, if it is all texts. A heading over some columns is not full.
Private Function TopTitles(ByVal area As Object) As Object
    Dim region As Object
    Dim r As Long
    Set region = RegionAt(area.Cells(1, 1))
    If region Is Nothing Then Exit Function
    r = TitleRow(region, area.Row - region.Row)
    If r > 0 Then Set TopTitles = DhPiece(region, r, 1, r, region.Columns.Count)
End Function

' Which of a region's first rows holds its titles, 0 where none of them does.
Private Function TitleRow(ByVal region As Object, ByVal last As Long) As Long
    Dim row As Object
    Dim r As Long
    For r = 1 To last
        If r > TITLES_WITHIN Then Exit Function
        Set row = DhPiece(region, r, 1, r, region.Columns.Count)
        If Filled(row) = region.Columns.Count Then
            If HoldsTextsOnly(row) Then TitleRow = r
            Exit Function
        End If
    Next r
End Function

Private Function HoldsTextsOnly(ByVal cells As Object) As Boolean
    Dim found As Variant
    Dim c As Long
    found = DhValues(cells)
    If Not IsArray(found) Then
        HoldsTextsOnly = (VarType(found) = vbString)
        Exit Function
    End If
    For c = 1 To UBound(found, 2)
        If VarType(found(1, c)) <> vbString Then Exit Function
    Next c
    HoldsTextsOnly = True
End Function

' The region around a cell; Nothing on a protected sheet, which refuses to tell it.
Private Function RegionAt(ByVal cell As Object) As Object
    On Error Resume Next
    Set RegionAt = cell.CurrentRegion
End Function

' The cells that one cell stands for; Nothing where its table has no rows yet.
Private Function Around(ByVal cell As Object) As Object
    Dim table As Object
    Set table = DhTableAt(cell)
    If table Is Nothing Then
        Set Around = RegionAt(cell)
        If Around Is Nothing Then Set Around = cell.Worksheet.UsedRange
    Else
        Set Around = table.DataBodyRange
    End If
End Function

' Adds what of one area is used: the rows of the tables in it, where it holds nothing else, or the whole rectangle.
Private Sub AddArea(ByVal found As Collection, ByVal area As Object)
    Dim used As Object
    Dim parts As Collection
    Dim part As Object
    Set used = Application.Intersect(area, area.Worksheet.UsedRange)
    If used Is Nothing Then Exit Sub
    Set parts = TableParts(used)
    If parts Is Nothing Then
        Set used = Trimmed(used)
        If Not used Is Nothing Then AddApart found, used
    Else
        For Each part In parts
            AddApart found, part
        Next part
    End If
End Sub

' The value rows of each table that the rectangle meets; Nothing where it holds values of no table.
Private Function TableParts(ByVal area As Object) As Collection
    Dim parts As Collection
    Dim table As Object
    Dim common As Object
    Dim body As Object
    Dim covered As Double
    If TableCount(area.Worksheet) = 0 Then Exit Function
    Set parts = New Collection
    For Each table In area.Worksheet.ListObjects
        Set common = Application.Intersect(area, table.Range)
        If Not common Is Nothing Then
            covered = covered + Filled(common)
            If Not table.DataBodyRange Is Nothing Then
                Set body = Application.Intersect(common, table.DataBodyRange)
                ' Titles alone mean their columns.
                If body Is Nothing Then Set body = Application.Intersect(common.EntireColumn, table.DataBodyRange)
                parts.Add body
            End If
        End If
    Next table
    If parts.Count > 0 And covered = Filled(area) Then Set TableParts = parts
End Function

Private Function TableCount(ByVal sheet As Object) As Long
    On Error Resume Next
    TableCount = sheet.ListObjects.Count
End Function

' The rectangle without the empty rows and columns at its end; Nothing where it is empty. What is used may be far more
' than what is filled, and so may a selection of whole columns.
Private Function Trimmed(ByVal area As Object) As Object
    Dim rows As Long
    Dim columns As Long
    Dim least As Long
    Dim middle As Long
    If Filled(area) = 0 Then Exit Function
    rows = area.Rows.Count
    columns = area.Columns.Count
    least = 1
    Do While least < rows
        middle = (least + rows) \ 2
        If Filled(DhPiece(area, middle + 1, 1, rows, columns)) > 0 Then
            least = middle + 1
        Else
            rows = middle
        End If
    Loop
    least = 1
    Do While least < columns
        middle = (least + columns) \ 2
        If Filled(DhPiece(area, 1, middle + 1, rows, columns)) > 0 Then
            least = middle + 1
        Else
            columns = middle
        End If
    Loop
    Set Trimmed = DhPiece(area, 1, 1, rows, columns)
End Function

Private Function Filled(ByVal area As Object) As Double
    Filled = Application.WorksheetFunction.CountA(area)
End Function

' Adds a rectangle; where an earlier one covers some of it, the up to four rectangles around that.
Private Sub AddApart(ByVal found As Collection, ByVal area As Object)
    Dim earlier As Object
    Dim hole As Object
    Dim above As Long
    Dim before As Long
    Dim last As Long
    For Each earlier In found
        Set hole = Application.Intersect(area, earlier)
        If Not hole Is Nothing Then
            above = hole.Row - area.Row
            before = hole.Column - area.Column
            last = above + hole.Rows.Count
            If above > 0 Then AddApart found, DhPiece(area, 1, 1, above, area.Columns.Count)
            If before > 0 Then AddApart found, DhPiece(area, above + 1, 1, last, before)
            If before + hole.Columns.Count < area.Columns.Count Then AddApart found, DhPiece(area, above + 1, before + hole.Columns.Count + 1, last, area.Columns.Count)
            If last < area.Rows.Count Then AddApart found, DhPiece(area, last + 1, 1, area.Rows.Count, area.Columns.Count)
            Exit Sub
        End If
    Next earlier
    found.Add area
End Sub

Private Function RangeNamed(ByVal book As Object, ByVal sheet As String, ByVal address As String) As Object
    On Error Resume Next
    Set RangeNamed = book.Worksheets(sheet).Range(address)
    On Error GoTo 0
    If RangeNamed Is Nothing Then Err.Raise DhErrGone, "Deskhand", sheet
End Function
