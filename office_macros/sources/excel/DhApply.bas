Attribute VB_Name = "DhApply"
' The button Apply: the ticked changes of a list, compared with the cells as they are now by the service, written here.
Option Explicit

Public Sub DhRunApply()
    Dim told As String
    Dim job As String
    Dim book As String
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    told = ApplyTicked(job, book)
    DhEnd
    If Len(told) > 0 Then DhTell told, 64
    ' Excel forgets what Ctrl+Z does whenever a macro does anything more, so this comes last.
    If Len(job) > 0 Then DhOfferUndo job, book
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

' What to say; job and book are set where cells were written.
Private Function ApplyTicked(ByRef writtenJob As String, ByRef writtenBook As String) As String
    Dim sheet As Worksheet
    Dim book As Workbook
    Dim job As String
    Dim ids As String
    Dim count As Long
    Dim found As Variant
    Dim reply As Variant
    Dim failures As Variant
    Dim written As Long
    Set sheet = ListToApply()
    Set book = DhListBook(sheet)
    ids = DhListTicked(sheet, count)
    If count = 0 Then DhStop DhSay("error.nothing_ticked")
    If Not DhIsList(ActiveSheet) Then
        ' 36 = a question with Yes and No (308: No first); 6 = Yes.
        If DhTell(DhSay("apply.ask", sheet.Name, CStr(count)), 36) <> 6 Then Exit Function
    End If
    job = DhListJob(sheet)
    DhStatus DhSay("status.reading")
    found = DhJobNow(job)
    reply = DhAskedWrites(book, found, "apply", DhOptionLine("accept", ids))
    If MostMoved(reply) Then
        If DhTell(DhSay("apply.ask_moved", DhOption(reply, "conflicts", "0"), DhOption(reply, "writes", "0")), 308) <> 6 Then
            Forget book, job, reply
            Exit Function
        End If
    End If
    DhStatus DhSay("status.writing")
    DhHold
    written = DhWriteCells(book, reply, failures)
    If written > 0 Then
        writtenJob = job
        writtenBook = book.FullName
        DhDressColumns book, found
    End If
    ApplyTicked = DhWrittenText(written, reply, failures, "apply")
    If Not DhConfirmed(job, reply, written, False) Then ApplyTicked = ApplyTicked & vbLf & DhSay("apply.unconfirmed")
    If Not DhListFollows(sheet, False, failures) Then ApplyTicked = ApplyTicked & vbLf & DhSay("apply.list_stale")
    If written > 0 Then ApplyTicked = ApplyTicked & vbLf & vbLf & DhSay("apply.undo_hint")
End Function

' The reply of the service to the job's cells as they are now: what to write and what is left alone.
Public Function DhAskedWrites(ByVal book As Workbook, ByVal job As Variant, ByVal what As String, ByVal options As String) As Variant
    Dim body As String
    body = DhGridsText(DhRangesOf(book, job), options, False)
    ' What the service has noted as about to be written is written, too.
    If what = "apply" Then DhCancelKey 0
    DhAskedWrites = DhRead(DhRequest("POST", "/v1/jobs/" & DhPathText(DhOption(job, "job", "")) & "/" & what, body, 0))
End Function

' Tells the service that the cells are written; False where it could not be told.
Public Function DhConfirmed(ByVal job As String, ByRef reply As Variant, ByVal written As Long, ByVal undone As Boolean) As Boolean
    Dim options As String
    On Error GoTo Failed
    options = DhOptionLine("application", DhOption(reply, "application", "0")) & DhOptionLine("written", CStr(written))
    If undone Then options = options & DhOptionLine("undo", "1")
    If DhOption(reply, "application", "0") <> "0" Then DhRequest "POST", "/v1/jobs/" & DhPathText(job) & "/confirm", DhOptionsOnly(options), 0
    DhConfirmed = True
Failed:
End Function

' Brings a list up to date after its cells were written; False where that failed.
Public Function DhListFollows(ByVal sheet As Worksheet, ByVal retick As Boolean, ByRef failures As Variant) As Boolean
    On Error GoTo Failed
    DhListUpdate sheet, retick, failures
    DhListFollows = True
Failed:
End Function

' How many were written, left alone, refused. what: "apply" or "undo".
Public Function DhWrittenText(ByVal written As Long, ByRef reply As Variant, ByRef failures As Variant, ByVal what As String) As String
    Dim conflicts As Long
    conflicts = CLng(Val(DhOption(reply, "conflicts", "0")))
    If written > 0 Then
        DhWrittenText = DhSay(what & ".done", CStr(written))
    Else
        DhWrittenText = DhSay(what & ".none")
    End If
    If conflicts > 0 Then DhWrittenText = DhWrittenText & vbLf & DhSay(what & ".conflicts", CStr(conflicts)) & SomeConflicts(reply)
    If IsArray(failures) Then DhWrittenText = DhWrittenText & vbLf & DhSay("apply.failed", CStr(UBound(failures, 1)))
End Function

' Whether so many cells are different that the table itself must have moved, and yet some would be written.
Private Function MostMoved(ByRef reply As Variant) As Boolean
    Dim conflicts As Long
    Dim writes As Long
    conflicts = CLng(Val(DhOption(reply, "conflicts", "0")))
    writes = CLng(Val(DhOption(reply, "writes", "0")))
    MostMoved = (writes > 0 And conflicts >= 3 And conflicts > writes)
End Function

' Lets the service know that nothing of an apply's reply was written after all.
Private Sub Forget(ByVal book As Workbook, ByVal job As String, ByRef reply As Variant)
    Dim back As Variant
    On Error GoTo Failed
    back = DhAskedWrites(book, DhJobNow(job), "undo", "")
    If DhOption(back, "application", "") = DhOption(reply, "application", "") And DhOption(back, "writes", "") = "0" Then DhConfirmed job, back, 0, True
Failed:
End Sub

' The list in front, else the newest one about the workbook in front.
Private Function ListToApply() As Worksheet
    Dim book As Workbook
    Set book = DhBookInFront()
    If DhIsList(ActiveSheet) Then
        Set ListToApply = ActiveSheet
    Else
        Set ListToApply = DhListAbout(book, "")
    End If
    If ListToApply Is Nothing Then DhStop DhSay("error.no_review")
End Function

' The first few reasons, a line each.
Private Function SomeConflicts(ByRef reply As Variant) As String
    Dim rows As Variant
    Dim kindAt As Long
    Dim textAt As Long
    Dim shown As Long
    Dim r As Long
    rows = DhRows(reply)
    kindAt = DhColumnOf(reply, "kind")
    textAt = DhColumnOf(reply, "text")
    For r = 1 To DhRowCount(reply)
        If rows(r, kindAt) = "conflict" Then
            shown = shown + 1
            If shown > 5 Then
                SomeConflicts = SomeConflicts & vbLf & "   ..."
                Exit For
            End If
            SomeConflicts = SomeConflicts & vbLf & "   " & CStr(rows(r, textAt))
        End If
    Next r
End Function
