Attribute VB_Name = "DhBeside"
' New columns beside a table, as far as they are more than cells: how their titles look, how wide they are, and that a
' table (ListObject), which Excel widens by itself when something is written right beside it, becomes as narrow again.
Option Explicit

' Rows looked at for a column's width; the narrowest and widest that a new column is made, in characters.
Private Const ROWS_MEASURED As Long = 200
Private Const NARROWEST As Long = 12
Private Const WIDEST As Long = 50

' Gives the new columns of a job the look of the column left of them, and a width in which they can be read.
Public Sub DhDressColumns(ByVal book As Workbook, ByRef job As Variant)
    Dim area As Object
    Dim c As Long
    On Error Resume Next
    If DhOption(job, "task", "") <> "fill" Then Exit Sub
    For Each area In DhRangesOf(book, job)
        For c = 1 To area.Columns.Count
            If Not IsEmpty(DhValues(area.Cells(1, c))) Then
                If area.Column + c > 2 Then CopyLook area.Cells(1, c).Offset(0, -1), area.Cells(1, c)
                Widen area.Columns(c)
            End If
        Next c
    Next area
End Sub

' Before title cells are emptied again: the tables that took them in let them go, since a table's title can't be empty.
Public Sub DhLeaveTables(ByVal book As Workbook, ByRef job As Variant, ByRef reply As Variant)
    Dim area As Object
    Dim table As Object
    Dim c As Long
    On Error Resume Next
    If DhOption(job, "task", "") <> "fill" Then Exit Sub
    For Each area In DhRangesOf(book, job)
        For c = area.Columns.Count To 1 Step -1
            Set table = DhTableAt(area.Cells(1, c))
            If Not table Is Nothing Then
                If IsEmptied(reply, area.Cells(1, c)) And IsLastTitle(table, area.Cells(1, c)) Then table.Resize DhPiece(table.Range, 1, 1, table.Range.Rows.Count, table.Range.Columns.Count - 1)
            End If
        Next c
    Next area
End Sub

' After cells were emptied again: a title cell that holds nothing has no longer the look of a title.
Public Sub DhUndressColumns(ByVal book As Workbook, ByRef job As Variant)
    Dim area As Object
    Dim c As Long
    On Error Resume Next
    If DhOption(job, "task", "") <> "fill" Then Exit Sub
    For Each area In DhRangesOf(book, job)
        ' From the right, since each looks like the one left of it.
        For c = area.Columns.Count To 1 Step -1
            If IsEmpty(DhValues(area.Cells(1, c))) And area.Column + c > 2 Then
                If LooksLike(area.Cells(1, c).Offset(0, -1), area.Cells(1, c)) Then area.Cells(1, c).ClearFormats
            End If
        Next c
    Next area
End Sub

' A cell that has a look of its own keeps it.
Private Sub CopyLook(ByVal known As Object, ByVal title As Object)
    On Error Resume Next
    If title.Font.Bold Then Exit Sub
    If HasFill(title) Then Exit Sub
    title.Font.Name = known.Font.Name
    title.Font.Size = known.Font.Size
    title.Font.Bold = known.Font.Bold
    title.Font.Italic = known.Font.Italic
    title.Font.Color = known.Font.Color
    If HasFill(known) Then title.Interior.Color = known.Interior.Color
    title.HorizontalAlignment = known.HorizontalAlignment
    title.VerticalAlignment = known.VerticalAlignment
    title.WrapText = known.WrapText
    ' 9 = the line below.
    If known.Borders(9).LineStyle <> -4142 Then title.Borders(9).LineStyle = known.Borders(9).LineStyle
End Sub

Private Function LooksLike(ByVal known As Object, ByVal title As Object) As Boolean
    On Error Resume Next
    LooksLike = (title.Font.Bold = known.Font.Bold And title.Font.Color = known.Font.Color And HasFill(title) = HasFill(known) And title.Interior.Color = known.Interior.Color)
End Function

' -4142 = no colour.
Private Function HasFill(ByVal cell As Object) As Boolean
    HasFill = (cell.Interior.ColorIndex <> -4142)
End Function

' Makes a column wider where its texts need it.
Private Sub Widen(ByVal cells As Object)
    Dim found As Variant
    Dim needed As Long
    Dim r As Long
    Dim last As Long
    last = cells.Rows.Count
    If last > ROWS_MEASURED Then last = ROWS_MEASURED
    needed = NARROWEST
    For r = 1 To last
        found = DhValues(cells.Cells(r, 1))
        If Not IsError(found) Then
            If TextWidth(CStr(found)) + 2 > needed Then needed = TextWidth(CStr(found)) + 2
        End If
    Next r
    If needed > WIDEST Then needed = WIDEST
    If cells.ColumnWidth < needed Then cells.ColumnWidth = needed
End Sub

' In letters; a Chinese character takes the room of two.
Private Function TextWidth(ByVal text As String) As Long
    Dim i As Long
    TextWidth = Len(text)
    For i = 1 To Len(text)
        If AscW(Mid$(text, i, 1)) > 4351 Or AscW(Mid$(text, i, 1)) < 0 Then TextWidth = TextWidth + 1
    Next i
End Function

' Whether an undo's reply empties a cell.
Private Function IsEmptied(ByRef reply As Variant, ByVal cell As Object) As Boolean
    Dim rows As Variant
    Dim at As Variant
    Dim r As Long
    rows = DhRows(reply)
    at = Array(DhColumnOf(reply, "row"), DhColumnOf(reply, "column"), DhColumnOf(reply, "value"), DhColumnOf(reply, "kind"))
    For r = 1 To DhRowCount(reply)
        If rows(r, at(0)) = cell.Row And rows(r, at(1)) = cell.Column And rows(r, at(3)) = "write" Then
            IsEmptied = IsEmpty(rows(r, at(2)))
            Exit Function
        End If
    Next r
End Function

Private Function IsLastTitle(ByVal table As Object, ByVal cell As Object) As Boolean
    If table.HeaderRowRange Is Nothing Then Exit Function
    IsLastTitle = (cell.Row = table.HeaderRowRange.Row And cell.Column = table.Range.Column + table.Range.Columns.Count - 1 And table.Range.Columns.Count > 1)
End Function
