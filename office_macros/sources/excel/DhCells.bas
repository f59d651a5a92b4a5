Attribute VB_Name = "DhCells"
' Writing into cells: the lines of an apply or undo reply, in runs of neighbouring rows, each read back. A text stays a
' text, a number a number; formulas and covered cells are never touched; what can't be written is left as it was.
' Nothing here decides what to write, and the caller keeps events, calculation and the screen quiet.
Option Explicit

' Excel takes 8,203 characters of a text in an array; longer ones are written one by one.
Private Const LONGEST_IN_ARRAY As Long = 8000
' What VarType says, as plain numbers: a host's own names for them are slow to look up, and every cell is asked.
Private Const IS_EMPTY As Long = 0
Private Const IS_NUMBER As Long = 5
Private Const IS_DATE As Long = 7
Private Const IS_TEXT As Long = 8
Private Const IS_ERROR As Long = 10
Private Const IS_BOOLEAN As Long = 11

' Writes the lines of kind "write" into the workbook; gives how many cells hold what was wanted.
' failures: Empty, or an array of n x 4: sheet, row, column, id of each cell that does not.
Public Function DhWriteCells(ByVal book As Object, ByRef reply As Variant, ByRef failures As Variant) As Long
    Dim rows As Variant
    Dim at As Variant
    Dim failed As Collection
    Dim first As Long
    Dim last As Long
    Dim count As Long
    Dim tried As Long
    Set failed = New Collection
    failures = Empty
    count = DhRowCount(reply)
    If count = 0 Then Exit Function
    rows = DhRows(reply)
    at = Array(DhColumnOf(reply, "kind"), DhColumnOf(reply, "sheet"), DhColumnOf(reply, "row"), DhColumnOf(reply, "column"), DhColumnOf(reply, "value"), DhColumnOf(reply, "format"), DhColumnOf(reply, "id"))
    first = 1
    Do While first <= count
        last = first
        If rows(first, at(0)) = "write" Then
            Do While last < count
                If Not Follows(rows, at, last) Then Exit Do
                last = last + 1
            Loop
            WriteLines book, rows, at, first, last, failed
            tried = tried + last - first + 1
        End If
        first = last + 1
    Loop
    DhWriteCells = tried - failed.Count
    If failed.Count > 0 Then failures = FailureRows(rows, at, failed)
End Function

' A 1-based array, rows x columns, into the cells from the first one on. In cells formatted "@" a text stays as it is;
' number formats are the caller's.
Public Sub DhPutArray(ByVal topLeft As Object, ByRef values As Variant)
    Dim all As Variant
    Dim longer As Collection
    Dim item As Variant
    Dim r As Long
    Dim c As Long
    Set longer = New Collection
    all = values
    For r = 1 To UBound(all, 1)
        For c = 1 To UBound(all, 2)
            If VarType(all(r, c)) = IS_TEXT Then
                If Len(all(r, c)) > LONGEST_IN_ARRAY Then
                    longer.Add Array(r, c, all(r, c))
                    all(r, c) = Empty
                Else
                    all(r, c) = AsText(all(r, c))
                End If
            End If
        Next c
    Next r
    DhPutValues topLeft.Worksheet.Range(topLeft.Cells(1, 1), topLeft.Cells(UBound(all, 1), UBound(all, 2))), all
    For Each item In longer
        DhPutValues topLeft.Cells(item(0), item(1)), AsText(item(2))
    Next item
End Sub

' A text such that no cell takes it for a formula. The first apostrophe only says that a text follows.
Private Function AsText(ByVal text As String) As String
    AsText = text
    If Left$(text, 1) = "'" Or Left$(text, 1) = "=" Then AsText = "'" & text
End Function

' Whether the line after this one goes into the cell below, in the same way.
Private Function Follows(ByRef rows As Variant, ByRef at As Variant, ByVal number As Long) As Boolean
    If rows(number + 1, at(0)) <> "write" Then Exit Function
    If rows(number + 1, at(2)) <> rows(number, at(2)) + 1 Then Exit Function
    If rows(number + 1, at(3)) <> rows(number, at(3)) Then Exit Function
    If rows(number + 1, at(1)) <> rows(number, at(1)) Then Exit Function
    Follows = (CStr(rows(number + 1, at(5))) = CStr(rows(number, at(5))))
End Function

' Writes a run of lines; those that fail are added to failed.
Private Sub WriteLines(ByVal book As Object, ByRef rows As Variant, ByRef at As Variant, ByVal first As Long, ByVal last As Long, ByVal failed As Collection)
    Dim sheet As Object
    Dim before As Long
    Dim i As Long
    before = failed.Count
    On Error GoTo Refused
    Set sheet = book.Worksheets(CStr(rows(first, at(1))))
    WriteRun sheet, rows, at, first, last, failed
    Exit Sub
Refused:
    ' The sheet is gone, or Excel refuses what nobody thought of: the other lines are written all the same.
    Do While failed.Count > before
        failed.Remove failed.Count
    Loop
    For i = first To last
        failed.Add i
    Next i
End Sub

' One run: whole where its cells are alike, else in halves, at last cell by cell.
Private Sub WriteRun(ByVal sheet As Object, ByRef rows As Variant, ByRef at As Variant, ByVal first As Long, ByVal last As Long, ByVal failed As Collection)
    Dim cells As Object
    Dim wanted As Variant
    Dim got As Variant
    Dim code As Variant
    Dim newCode As String
    Dim middle As Long
    Dim i As Long
    Set cells = sheet.Range(sheet.Cells(rows(first, at(2)), rows(first, at(3))), sheet.Cells(rows(last, at(2)), rows(last, at(3))))
    code = cells.NumberFormat
    newCode = CStr(rows(first, at(5)))
    If first < last Then
        If Not Alike(sheet, cells) Or IsNull(code) Then
            middle = (first + last) \ 2
            WriteRun sheet, rows, at, first, middle, failed
            WriteRun sheet, rows, at, middle + 1, last, failed
            Exit Sub
        End If
    ElseIf Untouchable(cells) Then
        failed.Add first
        Exit Sub
    End If
    If Len(newCode) = 0 Then newCode = code
    ReDim wanted(1 To last - first + 1, 1 To 1)
    For i = first To last
        wanted(i - first + 1, 1) = rows(i, at(4))
    Next i
    If Not Wrote(cells, wanted, newCode) Then
        PutFormat cells, CStr(code)
        If first < last Then
            ' One locked cell refuses the whole run.
            middle = (first + last) \ 2
            WriteRun sheet, rows, at, first, middle, failed
            WriteRun sheet, rows, at, middle + 1, last, failed
        Else
            failed.Add first
        End If
        Exit Sub
    End If
    got = Values(cells)
    For i = first To last
        If Not Same(got(i - first + 1, 1), rows(i, at(4))) Then
            If Not Repaired(cells.Cells(i - first + 1, 1), rows(i, at(4)), newCode) Then failed.Add i
        End If
    Next i
    PutFormat cells, newCode
End Sub

' Whether a run can be written at once: no formula in it, nothing spilled or merged, and on a filtered sheet all
' its rows shown: Excel then passes over the hidden ones, but takes a hidden cell by itself.
Private Function Alike(ByVal sheet As Object, ByVal cells As Object) As Boolean
    If MayBe(cells.HasFormula) Then Exit Function
    If MayBe(cells.MergeCells) Then Exit Function
    If Spilled(cells) Then Exit Function
    If Filtered(sheet) Then
        If Not DhAllShown(cells) Then Exit Function
    End If
    Alike = True
End Function

' A formula, a spilled result, or a cell that another one of its merged block covers.
Private Function Untouchable(ByVal cell As Object) As Boolean
    Untouchable = True
    If MayBe(cell.HasFormula) Or Spilled(cell) Then Exit Function
    If MayBe(cell.MergeCells) Then
        If cell.MergeArea.Row <> cell.Row Or cell.MergeArea.Column <> cell.Column Then Exit Function
    End If
    Untouchable = False
End Function

Private Function MayBe(ByVal answer As Variant) As Boolean
    MayBe = True
    If Not IsNull(answer) Then MayBe = answer
End Function

' Older versions have no spilled results, and no such question.
Private Function Spilled(ByVal cells As Object) As Boolean
    On Error GoTo Unknown
    Spilled = MayBe(cells.HasSpill)
Unknown:
End Function

Private Function Filtered(ByVal sheet As Object) As Boolean
    ' A table's own filter is not always told by the sheet, so what can't be ruled out counts.
    On Error GoTo Unknown
    Filtered = True
    If sheet.FilterMode Then Exit Function
    Filtered = (sheet.ListObjects.Count > 0)
Unknown:
End Function

' Puts format and values into cells that are alike; False where the host refuses.
Private Function Wrote(ByVal cells As Object, ByRef wanted As Variant, ByVal code As String) As Boolean
    Dim given As Variant
    Dim i As Long
    On Error GoTo Refused
    given = wanted
    For i = 1 To UBound(given, 1)
        If VarType(given(i, 1)) = IS_TEXT Then
            If Len(given(i, 1)) > LONGEST_IN_ARRAY Then
                given(i, 1) = Empty
            ElseIf MayBeRead(CStr(given(i, 1)), code) Then
                given(i, 1) = "'" & given(i, 1)
            End If
        End If
    Next i
    If cells.NumberFormat <> code Then cells.NumberFormat = code
    DhPutValues cells, given
    For i = 1 To UBound(given, 1)
        If VarType(wanted(i, 1)) = IS_TEXT Then
            If Len(wanted(i, 1)) > LONGEST_IN_ARRAY Then DhPutValues cells.Cells(i, 1), "'" & wanted(i, 1)
        End If
    Next i
    Wrote = True
Refused:
End Function

' Whether the host might read this text as something else, so that an apostrophe has to say it is text. What is missed
' here is seen when it is read back; a formula must not even be tried.
Private Function MayBeRead(ByVal text As String, ByVal code As String) As Boolean
    Dim first As String
    first = Left$(text, 1)
    If Len(text) = 0 Then Exit Function
    If InStr("=+-@'", first) > 0 Then
        MayBeRead = True
    ElseIf code = "@" Then
        MayBeRead = False
    ElseIf text Like "*#*" Then
        ' "00123", "1-2", "5%"; but "Room 12" only where this system reads a date or an amount in it, "Jan 5".
        MayBeRead = True
        If first Like "[A-Za-z]" Or (AscW(first) And 65535) >= 19968 Then MayBeRead = IsDate(text) Or IsNumeric(text)
    Else
        MayBeRead = (first = "#" Or UCase$(text) = "TRUE" Or UCase$(text) = "FALSE" Or first = " ")
    End If
End Function

' Another way for one cell that does not hold what it was given.
Private Function Repaired(ByVal cell As Object, ByVal wanted As Variant, ByVal code As String) As Boolean
    On Error GoTo Refused
    If VarType(wanted) = IS_TEXT Then
        PutFormat cell, code
        DhPutValues cell, "'" & wanted
        If Not Same(DhValues(cell), wanted) Then
            cell.NumberFormat = "@"
            DhPutValues cell, wanted
        End If
    Else
        ' A cell formatted as text may make a text of a number.
        cell.NumberFormat = "General"
        DhPutValues cell, wanted
    End If
    PutFormat cell, code
    Repaired = Same(DhValues(cell), wanted)
Refused:
End Function

' Sets a number format where another one stands; a refusal shows in the values.
Private Sub PutFormat(ByVal cells As Object, ByVal code As String)
    Dim current As Variant
    On Error Resume Next
    current = cells.NumberFormat
    If IsNull(current) Then
        cells.NumberFormat = code
    ElseIf current <> code Then
        cells.NumberFormat = code
    End If
End Sub

' Whether a cell's value is the wanted one, in kind too.
Private Function Same(ByVal got As Variant, ByVal wanted As Variant) As Boolean
    Select Case VarType(wanted)
        Case IS_TEXT
            If VarType(got) = IS_TEXT Then
                Same = (got = wanted)
            Else
                ' An empty text leaves the cell empty.
                Same = (IsEmpty(got) And Len(wanted) = 0)
            End If
        Case IS_EMPTY
            Same = IsEmpty(got)
        Case IS_BOOLEAN
            If VarType(got) = IS_BOOLEAN Then Same = (got = wanted)
        Case IS_ERROR
            If VarType(got) = IS_ERROR Then Same = (DhErrorText(got) = DhErrorText(wanted))
        Case Else
            If VarType(got) = IS_NUMBER Or VarType(got) = IS_DATE Then Same = (CDbl(got) = CDbl(wanted))
    End Select
End Function

' The values as an array, of one cell too.
Private Function Values(ByVal cells As Object) As Variant
    Dim one(1 To 1, 1 To 1) As Variant
    Dim found As Variant
    found = DhValues(cells)
    If IsArray(found) Then
        Values = found
    Else
        one(1, 1) = found
        Values = one
    End If
End Function

Private Function FailureRows(ByRef rows As Variant, ByRef at As Variant, ByVal failed As Collection) As Variant
    Dim found() As Variant
    Dim n As Long
    Dim row As Variant
    ReDim found(1 To failed.Count, 1 To 4)
    For Each row In failed
        n = n + 1
        found(n, 1) = rows(row, at(1))
        found(n, 2) = rows(row, at(2))
        found(n, 3) = rows(row, at(3))
        found(n, 4) = rows(row, at(6))
    Next row
    FailureRows = found
End Function
