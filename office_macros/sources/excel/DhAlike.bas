Attribute VB_Name = "DhAlike"
' Rows of a rectangle in runs that are alike in one thing: number format, merged, locked, formatted inside, hidden.
' Whole rectangles are asked, and halved where the answer is mixed; no cell is asked by itself that need not be.
Option Explicit

' Whether all cells of one column's piece are shown; False also where the host does not tell.
Public Function DhAllShown(ByVal cells As Object) As Boolean
    Dim shown As Object
    On Error GoTo Unknown
    If cells.Rows.Count = 1 Then
        ' Of one cell Excel would tell what is shown of the whole sheet.
        DhAllShown = Not cells.EntireRow.Hidden
    Else
        ' 12 = the cells that are shown.
        Set shown = cells.SpecialCells(12)
        DhAllShown = (shown.Areas.Count = 1 And shown.Rows.Count = cells.Rows.Count)
    End If
Unknown:
End Function

' The hidden rows of a rectangle: arrays of first and last row (from 1). Of several rows Excel tells only of the first
' whether it is hidden, so each is asked where not all are shown.
Public Function DhHiddenRuns(ByVal area As Object) As Collection
    Dim found As Collection
    Dim sheet As Object
    Dim above As Long
    Dim first As Long
    Dim r As Long
    Set found = New Collection
    Set DhHiddenRuns = found
    If DhAllShown(area.Columns(1)) Then Exit Function
    Set sheet = area.Worksheet
    above = area.Row - 1
    For r = 1 To area.Rows.Count
        If sheet.Rows(above + r).Hidden Then
            If first = 0 Then first = r
        ElseIf first > 0 Then
            found.Add Array(first, r - 1)
            first = 0
        End If
    Next r
    If first > 0 Then found.Add Array(first, area.Rows.Count)
End Function

' The rows of a rectangle that answer alike: arrays of first row, last row (from 1) and answer.
Public Function DhRunsOf(ByVal area As Object, ByVal what As String) As Collection
    Dim found As Collection
    Dim held As Variant
    Set found = New Collection
    Halve area, 1, area.Rows.Count, what, found, held
    found.Add held
    Set DhRunsOf = found
End Function

' held: the latest run, not yet in found, since the next rows may lengthen it; to look into a Collection takes the longer
' the more it holds.
Private Sub Halve(ByVal area As Object, ByVal first As Long, ByVal last As Long, ByVal what As String, ByVal found As Collection, ByRef held As Variant)
    Dim answer As Variant
    Dim middle As Long
    answer = DhStateOf(DhPiece(area, first, 1, last, area.Columns.Count), what)
    If IsNull(answer) And first < last Then
        middle = (first + last) \ 2
        Halve area, first, middle, what, found, held
        Halve area, middle + 1, last, what, found, held
        Exit Sub
    End If
    ' One cell is mixed only where its text is formatted inside; each of those stays a run of its own.
    If IsNull(answer) Then answer = True
    If IsArray(held) Then
        If what <> "rich" And held(2) = answer Then
            first = held(0)
        Else
            found.Add held
        End If
    End If
    held = Array(first, last, answer)
End Sub

' One answer for a rectangle, Null where it is mixed.
Public Function DhStateOf(ByVal cells As Object, ByVal what As String) As Variant
    Select Case what
        Case "format"
            DhStateOf = cells.NumberFormat
        Case "merged"
            DhStateOf = cells.MergeCells
        Case "locked"
            DhStateOf = cells.Locked
        Case "rich"
            DhStateOf = OneFont(cells.Font)
    End Select
End Function

' False where the font is the same throughout, Null where it is not.
Private Function OneFont(ByVal font As Object) As Variant
    OneFont = Null
    If IsNull(font.Bold) Or IsNull(font.Italic) Or IsNull(font.Color) Then Exit Function
    If IsNull(font.Size) Or IsNull(font.Name) Then Exit Function
    If IsNull(font.Underline) Or IsNull(font.Strikethrough) Then Exit Function
    If RaisedInside(font) Then Exit Function
    OneFont = False
End Function

' Whether some letters stand higher or lower; not every host knows.
Private Function RaisedInside(ByVal font As Object) As Boolean
    On Error GoTo Unknown
    RaisedInside = IsNull(font.Superscript) Or IsNull(font.Subscript)
Unknown:
End Function
