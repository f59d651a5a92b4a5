Attribute VB_Name = "DhUndo"
' The button Undo, and Ctrl+Z right after Apply: the change under the cursor, or the last time that Deskhand wrote into
' this workbook. What may be taken back is decided by the service, from its journal.
Option Explicit

' Question marks with Yes, No, Cancel (35) and Yes, No (36); the answers.
Private Const ASK_THREE As Long = 35
Private Const ASK_TWO As Long = 36
Private Const YES As Long = 6
Private Const NO As Long = 7

' Jobs looked through for the one that wrote into a cell.
Private Const JOBS_TO_SEARCH As Long = 10

Private undoJob As String
Private undoBook As String

Public Sub DhRunUndo()
    Dim told As String
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    told = UndoAsked()
    DhEnd
    If Len(told) > 0 Then DhTell told, 64
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

' Behind Ctrl+Z: all that was written last, without asking.
Public Sub DhUndoByKey()
    Dim told As String
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    told = UndoLast()
    DhEnd
    If Len(told) > 0 Then DhTell told, 64
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

' Puts Deskhand behind Ctrl+Z. Has to be the last thing that a macro does.
Public Sub DhOfferUndo(ByVal job As String, ByVal bookName As String)
    undoJob = job
    undoBook = bookName
    DhOnUndo DhSay("undo.label"), "DhUndoByKey"
End Sub

Private Function UndoAsked() As String
    Dim book As Workbook
    Set book = DhBookInFront()
    If DhIsList(ActiveSheet) Then
        UndoAsked = UndoFromList(ActiveSheet)
    Else
        UndoAsked = UndoFromData(book)
    End If
End Function

Private Function UndoFromList(ByVal sheet As Worksheet) As String
    Dim book As Workbook
    Dim job As Variant
    Dim ids As String
    Dim place As String
    Dim question As String
    Dim count As Long
    Dim answer As Long
    Set book = DhListBook(sheet)
    job = DhJobNow(DhListJob(sheet))
    If TypeName(Selection) = "Range" Then ids = DhListChosen(sheet, Selection, count, place)
    If count = 0 Then
        UndoFromList = UndoAll(book, job)
        Exit Function
    End If
    question = DhSay("undo.ask_several", CStr(count), DhOption(job, "applied", "0"))
    If count = 1 Then question = DhSay("undo.ask_one", place, DhOption(job, "applied", "0"))
    answer = DhTell(question, ASK_THREE)
    If answer = YES Then UndoFromList = CarryOut(book, job, DhAskedWrites(book, job, "undo", DhOptionLine("change", ids)), False)
    If answer = NO Then UndoFromList = CarryOut(book, job, DhAskedWrites(book, job, "undo", ""), True)
End Function

Private Function UndoFromData(ByVal book As Workbook) As String
    Dim job As Variant
    Dim one As Variant
    Dim reply As Variant
    Dim place As String
    Dim found As Boolean
    Dim answer As Long
    job = LastJob(book)
    If TypeName(Selection) = "Range" Then
        If IsOneCell(Selection) Then
            place = Selection.Cells(1, 1).Address(False, False)
            found = FoundInCell(book, Selection.Cells(1, 1), one, reply)
        End If
    End If
    If Not found Then
        UndoFromData = UndoAll(book, job)
        Exit Function
    End If
    answer = DhTell(DhSay("undo.ask_one", place, DhOption(job, "applied", "0")), ASK_THREE)
    If answer = YES Then UndoFromData = CarryOut(book, one, reply, False)
    If answer = NO Then UndoFromData = CarryOut(book, job, DhAskedWrites(book, job, "undo", ""), True)
End Function

Private Function UndoAll(ByVal book As Workbook, ByVal job As Variant) As String
    Dim reply As Variant
    Dim count As Long
    reply = DhAskedWrites(book, job, "undo", "")
    count = CLng(Val(DhOption(reply, "writes", "0")))
    If DhTell(DhSay("undo.ask_all", CStr(count)), ASK_TWO) = YES Then UndoAll = CarryOut(book, job, reply, True)
End Function

Private Function UndoLast() As String
    Dim book As Workbook
    Dim job As Variant
    Dim reply As Variant
    If Len(undoJob) > 0 Then
        Set book = DhOpenBook(undoBook)
        If book Is Nothing Then DhStop DhSay("error.book_closed", DhFileName(undoBook))
        job = DhJobNow(undoJob)
    Else
        Set book = DhBookInFront()
        job = LastJob(book)
    End If
    reply = DhAskedWrites(book, job, "undo", "")
    UndoLast = CarryOut(book, job, reply, True)
    ' Nothing to say where all went back; the person sees it.
    If DhOption(reply, "conflicts", "0") = "0" And Val(DhOption(reply, "writes", "0")) > 0 Then UndoLast = ""
End Function

' Writes what an undo's reply says, confirms it, brings the list up to date; what to say.
Private Function CarryOut(ByVal book As Workbook, ByVal job As Variant, ByVal reply As Variant, ByVal retick As Boolean) As String
    Dim sheet As Worksheet
    Dim failures As Variant
    Dim written As Long
    DhStatus DhSay("status.undoing")
    DhHold
    DhLeaveTables book, job, reply
    written = DhWriteCells(book, reply, failures)
    DhUndressColumns book, job
    CarryOut = DhWrittenText(written, reply, failures, "undo")
    If Not DhConfirmed(DhOption(job, "job", ""), reply, written, True) Then CarryOut = CarryOut & vbLf & DhSay("apply.unconfirmed")
    Set sheet = DhListAbout(book, DhOption(job, "job", ""))
    If Not sheet Is Nothing Then
        If Not DhListFollows(sheet, retick, failures) Then CarryOut = CarryOut & vbLf & DhSay("apply.list_stale")
    End If
End Function

' The job that wrote into this workbook last: as the service remembers it, else as a list in the workbook says, which
' knows it after the workbook got another name, too.
Private Function LastJob(ByVal book As Workbook) As Variant
    Dim jobs As Variant
    Dim rows As Variant
    Dim sheet As Worksheet
    jobs = WrittenJobs(book)
    If DhRowCount(jobs) > 0 Then
        rows = DhRows(jobs)
        LastJob = DhJobNow(CStr(rows(1, DhColumnOf(jobs, "job"))))
        Exit Function
    End If
    Set sheet = DhListAbout(book, "")
    If sheet Is Nothing Then DhStop DhSay("error.nothing_to_undo")
    LastJob = DhJobNow(DhListJob(sheet))
End Function

Private Function WrittenJobs(ByVal book As Workbook) As Variant
    WrittenJobs = DhRead(DhRequest("GET", "/v1/jobs?applied=1&limit=" & JOBS_TO_SEARCH & "&workbook=" & DhPathText(book.FullName), "", 0))
End Function

' Whether a change stands in a cell; then its job and the service's reply on taking it back.
Private Function FoundInCell(ByVal book As Workbook, ByVal cell As Object, ByRef job As Variant, ByRef reply As Variant) As Boolean
    Dim jobs As Variant
    Dim rows As Variant
    Dim r As Long
    jobs = WrittenJobs(book)
    rows = DhRows(jobs)
    For r = 1 To DhRowCount(jobs)
        job = DhJobNow(CStr(rows(r, DhColumnOf(jobs, "job"))))
        If IsWithin(book, job, cell) Then
            FoundInCell = AskedForCell(book, job, cell, reply)
            If FoundInCell Then Exit Function
        End If
    Next r
End Function

Private Function IsWithin(ByVal book As Workbook, ByRef job As Variant, ByVal cell As Object) As Boolean
    Dim area As Object
    On Error GoTo Gone
    For Each area In DhRangesOf(book, job)
        If area.Worksheet.Name = cell.Worksheet.Name Then
            If Not Application.Intersect(area, cell) Is Nothing Then IsWithin = True
        End If
    Next area
Gone:
End Function

' False where the service knows of no change in the cell, or the job's table is no longer what it was.
Private Function AskedForCell(ByVal book As Workbook, ByRef job As Variant, ByVal cell As Object, ByRef reply As Variant) As Boolean
    Dim options As String
    Dim number As Long
    Dim description As String
    On Error GoTo Failed
    options = DhOptionLine("cell", "'" & Replace(cell.Worksheet.Name, "'", "''") & "'!" & cell.Address(False, False))
    reply = DhAskedWrites(book, job, "undo", options)
    AskedForCell = True
    Exit Function
Failed:
    number = Err.Number
    description = Err.Description
    If number <> DhErrService Then Err.Raise number, "Deskhand", description
End Function

Private Function IsOneCell(ByVal picked As Range) As Boolean
    If picked.Areas.Count > 1 Then Exit Function
    IsOneCell = (picked.Address = picked.Cells(1, 1).MergeArea.Address)
End Function
