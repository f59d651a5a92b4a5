Attribute VB_Name = "DhList"
' A list of changes as it stands in a sheet: which sheet is one, of which job and workbook, what is ticked, and bringing
' it up to date. A hidden row holds the columns' keys, so that a person may sort, filter, move or rename as they like.
' Making a list is DhReview's business.
Option Explicit

' What stands in the hidden row: the key of a column, the job, the workbook (nothing: the list's own), when it was made, and when
' its job was finished.
Public Const DhMarkColumn As String = "dh-column:"
Public Const DhMarkJob As String = "dh-job:"
Public Const DhMarkBook As String = "dh-book:"
Public Const DhMarkMade As String = "dh-made:"
Public Const DhMarkFinished As String = "dh-finished:"

' The part of a sheet in which the hidden row is looked for.
Private Const MARKS_WITHIN As String = "A1:BZ30"

' Whether a sheet is a list of changes.
Public Function DhIsList(ByVal sheet As Object) As Boolean
    If TypeName(sheet) = "Worksheet" Then DhIsList = (Len(DhListJob(sheet)) > 0)
End Function

' The job of a list, "" where the sheet is none.
Public Function DhListJob(ByVal sheet As Worksheet) As String
    Dim row As Long
    Dim column As Long
    DhListJob = Mark(sheet, DhMarkJob, row, column)
End Function

' When the job of a list was finished as the list has it.
Public Function DhListFinished(ByVal sheet As Worksheet) As String
    Dim row As Long
    Dim column As Long
    DhListFinished = Mark(sheet, DhMarkFinished, row, column)
End Function

' The workbook that a list is about. Stops where it is not open.
Public Function DhListBook(ByVal sheet As Worksheet) As Workbook
    Dim row As Long
    Dim column As Long
    Dim name As String
    name = Mark(sheet, DhMarkBook, row, column)
    If Len(name) = 0 Then
        Set DhListBook = sheet.Parent
        Exit Function
    End If
    Set DhListBook = DhOpenBook(name)
    If DhListBook Is Nothing Then DhStop DhSay("error.book_closed", DhFileName(name))
End Function

' The open workbook of this full name, else of this file name; Nothing where there is none.
Public Function DhOpenBook(ByVal fullName As String) As Workbook
    Dim book As Workbook
    For Each book In DhBooks()
        If LCase$(book.FullName) = LCase$(fullName) Then
            Set DhOpenBook = book
            Exit Function
        End If
        If LCase$(book.Name) = LCase$(DhFileName(fullName)) Then Set DhOpenBook = book
    Next book
End Function

' The last part of a path or an address.
Public Function DhFileName(ByVal fullName As String) As String
    Dim parts() As String
    If Len(fullName) = 0 Then Exit Function
    parts = Split(Replace(fullName, "\", "/"), "/")
    DhFileName = parts(UBound(parts))
End Function

' The newest list about a workbook, in it or in a workbook of its own; of one job only where it is named.
Public Function DhListAbout(ByVal about As Workbook, ByVal job As String) As Worksheet
    Dim book As Workbook
    Dim sheet As Worksheet
    Dim made As Double
    Dim newest As Double
    newest = -1
    For Each book In DhBooks()
        For Each sheet In book.Worksheets
            If IsAbout(sheet, about, job) Then
                made = ListMade(sheet)
                If made >= newest Then
                    newest = made
                    Set DhListAbout = sheet
                End If
            End If
        Next sheet
    Next book
End Function

' The ids of the ticked lines as 1,3,5-9; "" where none is ticked.
Public Function DhListTicked(ByVal sheet As Worksheet, ByRef count As Long) As String
    Dim ids As Variant
    Dim ticks As Variant
    Dim wanted() As Boolean
    Dim r As Long
    ids = LineValues(sheet, "id")
    ticks = LineValues(sheet, "accept")
    ReDim wanted(0 To LargestId(ids))
    count = 0
    For r = 1 To UBound(ids, 1)
        If IdOf(ids(r, 1)) > 0 Then
            If IsTick(ticks(r, 1)) And Not wanted(IdOf(ids(r, 1))) Then
                wanted(IdOf(ids(r, 1))) = True
                count = count + 1
            End If
        End If
    Next r
    DhListTicked = Spans(wanted)
End Function

' The ids of those selected lines whose changes are written, as 1,3,5-9; place: the cell of the first of them.
Public Function DhListChosen(ByVal sheet As Worksheet, ByVal picked As Range, ByRef count As Long, ByRef place As String) As String
    Dim ids As Variant
    Dim states As Variant
    Dim places As Variant
    Dim wanted() As Boolean
    Dim area As Range
    Dim top As Long
    Dim r As Long
    Dim last As Long
    ids = LineValues(sheet, "id")
    states = LineValues(sheet, "state")
    places = LineValues(sheet, "cell")
    top = FirstLine(sheet)
    ReDim wanted(0 To LargestId(ids))
    count = 0
    For Each area In picked.Areas
        last = area.Row + area.Rows.Count - top
        If last > UBound(ids, 1) Then last = UBound(ids, 1)
        For r = 1 To last
            If r > area.Row - top And IdOf(ids(r, 1)) > 0 Then
                If IsWritten(states(r, 1)) And Not wanted(IdOf(ids(r, 1))) Then
                    wanted(IdOf(ids(r, 1))) = True
                    count = count + 1
                    If count = 1 Then place = CStr(places(r, 1))
                End If
            End If
        Next r
    Next area
    DhListChosen = Spans(wanted)
End Function

' Brings the states up to date with what the service knows. What is written loses its tick; what was taken back gets it
' again where retick is True. failures: DhWriteCells' array of cells that Excel refused, or Empty.
Public Sub DhListUpdate(ByVal sheet As Worksheet, ByVal retick As Boolean, ByRef failures As Variant)
    Dim told As Variant
    Dim ids As Variant
    Dim states As Variant
    Dim ticks As Variant
    Dim changed() As Boolean
    Dim r As Long
    Dim id As Long
    ids = LineValues(sheet, "id")
    states = LineValues(sheet, "state")
    ticks = LineValues(sheet, "accept")
    told = StatesNow(DhListJob(sheet), LargestId(ids))
    If IsArray(failures) Then
        For r = 1 To UBound(failures, 1)
            id = IdOf(failures(r, 4))
            If id > 0 And id <= UBound(told) Then told(id) = DhSay("state.failed")
        Next r
    End If
    ReDim changed(1 To UBound(ids, 1))
    For r = 1 To UBound(ids, 1)
        id = IdOf(ids(r, 1))
        If id > 0 Then
            If Len(told(id)) > 0 Then
                changed(r) = True
                If IsWritten(told(id)) Then
                    ticks(r, 1) = Empty
                ElseIf IsWritten(states(r, 1)) And retick Then
                    ticks(r, 1) = DhTick()
                End If
                states(r, 1) = told(id)
            End If
        End If
    Next r
    PutLine sheet, "state", states, changed
    PutLine sheet, "accept", ticks, changed
End Sub

' The tick.
Public Function DhTick() As String
    DhTick = ChrW(10003)
End Function

' The column of a key, 0 where it is gone.
Public Function DhListColumn(ByVal sheet As Worksheet, ByVal key As String) As Long
    Dim row As Long
    Dim column As Long
    Mark sheet, DhMarkColumn & key & ";", row, column
    If row > 0 Then DhListColumn = column
End Function

' The rest of the text in the cell that begins like this, and where it stands; row 0 where there is none.
Private Function Mark(ByVal sheet As Worksheet, ByVal beginning As String, ByRef row As Long, ByRef column As Long) As String
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
                    Mark = Mid$(found(r, c), Len(beginning) + 1)
                    Exit Function
                End If
            End If
        Next c
    Next r
End Function

Private Function IsAbout(ByVal sheet As Worksheet, ByVal about As Workbook, ByVal job As String) As Boolean
    Dim row As Long
    Dim column As Long
    Dim own As String
    Dim name As String
    Dim book As Workbook
    own = DhListJob(sheet)
    If Len(own) = 0 Then Exit Function
    If Len(job) > 0 And own <> job Then Exit Function
    name = Mark(sheet, DhMarkBook, row, column)
    If Len(name) = 0 Then
        Set book = sheet.Parent
    Else
        Set book = DhOpenBook(name)
    End If
    If Not book Is Nothing Then IsAbout = (book.FullName = about.FullName)
End Function

Private Function ListMade(ByVal sheet As Worksheet) As Double
    Dim row As Long
    Dim column As Long
    ListMade = Val(Mark(sheet, DhMarkMade, row, column))
End Function

' The row below the hidden one.
Private Function FirstLine(ByVal sheet As Worksheet) As Long
    Dim row As Long
    Dim column As Long
    Mark sheet, DhMarkJob, row, column
    FirstLine = row + 1
End Function

Private Function LastLine(ByVal sheet As Worksheet) As Long
    LastLine = sheet.UsedRange.Row + sheet.UsedRange.Rows.Count - 1
    If LastLine < FirstLine(sheet) + 1 Then LastLine = FirstLine(sheet) + 1
End Function

Private Function LineCells(ByVal sheet As Worksheet, ByVal key As String) As Range
    Dim column As Long
    column = DhListColumn(sheet, key)
    If column = 0 Then DhStop DhSay("error.review_damaged", key)
    Set LineCells = sheet.Range(sheet.Cells(FirstLine(sheet), column), sheet.Cells(LastLine(sheet), column))
End Function

Private Function LineValues(ByVal sheet As Worksheet, ByVal key As String) As Variant
    LineValues = LineCells(sheet, key).Value2
End Function

' Puts a column back. Of an array Excel writes only what a filter shows, but it takes a hidden cell by itself.
Private Sub PutLine(ByVal sheet As Worksheet, ByVal key As String, ByRef values As Variant, ByRef changed() As Boolean)
    Dim lines As Range
    Dim r As Long
    Set lines = LineCells(sheet, key)
    If Not IsFiltered(sheet) Then
        lines.Value2 = values
        Exit Sub
    End If
    For r = 1 To UBound(changed)
        If changed(r) Then lines.Cells(r, 1).Value2 = values(r, 1)
    Next r
End Sub

' Whether a filter may hide lines. A table's own filter is not told by the sheet.
Private Function IsFiltered(ByVal sheet As Worksheet) As Boolean
    On Error GoTo Unknown
    IsFiltered = sheet.FilterMode
    If Not IsFiltered Then IsFiltered = (sheet.ListObjects.Count > 0)
Unknown:
End Function

' What the service says of each change now, by id; "" where it says nothing.
Private Function StatesNow(ByVal job As String, ByVal largest As Long) As Variant
    Dim told() As String
    Dim reply As Variant
    Dim rows As Variant
    Dim idColumn As Long
    Dim stateColumn As Long
    Dim keys() As String
    Dim i As Long
    Dim id As Long
    ReDim told(0 To largest)
    reply = DhRead(DhRequest("GET", "/v1/jobs/" & DhPathText(job) & "/result", "", 0))
    keys = Split(DhOption(reply, "columns", ""), ",")
    For i = 0 To UBound(keys)
        If keys(i) = "id" Then idColumn = i + 1
        If keys(i) = "state" Then stateColumn = i + 1
    Next i
    rows = DhRows(reply)
    If idColumn = 0 Or stateColumn = 0 Then Err.Raise DhErrReply, "Deskhand", "columns"
    For i = 1 To DhRowCount(reply)
        id = IdOf(rows(i, idColumn))
        If id > 0 And id <= largest Then told(id) = CStr(rows(i, stateColumn))
    Next i
    StatesNow = told
End Function

' A change's number, 0 where a cell holds none.
Private Function IdOf(ByVal value As Variant) As Long
    If IsError(value) Or IsEmpty(value) Then Exit Function
    If Not IsNumeric(value) Then Exit Function
    If Val(CStr(value)) >= 1 And Val(CStr(value)) < 10000000 Then IdOf = CLng(Val(CStr(value)))
End Function

Private Function LargestId(ByRef ids As Variant) As Long
    Dim r As Long
    For r = 1 To UBound(ids, 1)
        If IdOf(ids(r, 1)) > LargestId Then LargestId = IdOf(ids(r, 1))
    Next r
End Function

' Anything counts as a tick that is not a no. In Chinese a cross is one, in English it is how a box is ticked.
Private Function IsTick(ByVal value As Variant) As Boolean
    If IsError(value) Or IsEmpty(value) Then Exit Function
    If VarType(value) = vbBoolean Then
        IsTick = value
        Exit Function
    End If
    Select Case LCase$(Trim$(Replace(CStr(value), ChrW(12288), " ")))
        Case "", "n", "no", "not", "false", "0", "-", ChrW(21542), ChrW(19981), ChrW(215), ChrW(10005), ChrW(10007), ChrW(10008)
            IsTick = False
        Case "x"
            IsTick = (DhLanguage() = "en")
        Case Else
            IsTick = True
    End Select
End Function

' Whether a state says that the change stands in its cell, in either language.
Private Function IsWritten(ByVal state As Variant) As Boolean
    If VarType(state) <> vbString Then Exit Function
    IsWritten = (state = DhText("state.applied", "en") Or state = DhText("state.applied", "zh"))
End Function

' 1,3,5-9
Private Function Spans(ByRef wanted() As Boolean) As String
    Dim parts() As String
    Dim count As Long
    Dim first As Long
    Dim last As Long
    ReDim parts(0 To UBound(wanted))
    first = 1
    Do While first <= UBound(wanted)
        last = first
        If wanted(first) Then
            Do While last < UBound(wanted)
                If Not wanted(last + 1) Then Exit Do
                last = last + 1
            Loop
            parts(count) = CStr(first)
            If last > first Then parts(count) = first & "-" & last
            count = count + 1
        End If
        first = last + 1
    Loop
    If count = 0 Then Exit Function
    ReDim Preserve parts(0 To count - 1)
    Spans = Join(parts, ",")
End Function
