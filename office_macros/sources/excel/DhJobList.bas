Attribute VB_Name = "DhJobList"
' The button Jobs: the latest jobs as a numbered list; a number opens a job's list of changes again, C stops a job, R
' takes it up again, 0 opens the page of all jobs in the browser.
Option Explicit

Private Const JOBS_SHOWN As Long = 9

Public Sub DhRunJobs()
    Dim told As String
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    told = ChosenJob()
    DhEnd
    If Len(told) > 0 Then DhTell told, 64
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

Private Function ChosenJob() As String
    Dim jobs As Variant
    Dim rows As Variant
    Dim wish As String
    Dim digits As String
    Dim number As Long
    Dim cancelled As Boolean
    jobs = DhRead(DhRequest("GET", "/v1/jobs?limit=" & JOBS_SHOWN, "", 0))
    If DhRowCount(jobs) = 0 Then
        ChosenJob = DhSay("jobs.none")
        Exit Function
    End If
    ' 65 = a note with OK and Cancel; 1 = OK.
    If DhTell(JobsText(jobs), 65) <> 1 Then Exit Function
    wish = UCase$(DhTyped(DhInput(DhSay("jobs.prompt"), "1", cancelled)))
    If cancelled Or Len(wish) = 0 Then Exit Function
    If wish = "0" Then
        If Not DhOpenPage("/jobs") Then ChosenJob = DhSay("jobs.no_page")
        Exit Function
    End If
    digits = Replace(Replace(wish, "C", ""), "R", "")
    If Len(digits) < 4 Then number = CLng(Val(digits))
    If number < 1 Or number > DhRowCount(jobs) Then
        ChosenJob = DhSay("jobs.unknown", wish)
        Exit Function
    End If
    rows = DhRows(jobs)
    ChosenJob = CarriedOut(Left$(wish, 1), number, CStr(rows(number, DhColumnOf(jobs, "job"))))
End Function

Private Function CarriedOut(ByVal verb As String, ByVal number As Long, ByVal job As String) As String
    Dim reply As Variant
    Select Case verb
        Case "C"
            reply = DhRead(DhRequest("POST", "/v1/jobs/" & DhPathText(job) & "/cancel", "", 0))
            CarriedOut = DhSay("jobs.cancelled", CStr(number))
        Case "R"
            CarriedOut = TakenUp(number, job)
        Case Else
            reply = DhJobNow(job)
            If DhOption(reply, "state", "") = "done" Then
                OpenList reply
            Else
                CarriedOut = DhSay("jobs.not_ready", CStr(number), StateText(DhOption(reply, "state", "")))
            End If
    End Select
End Function

' A job that was done has rows without an answer: it is waited for, and its list is made anew.
Private Function TakenUp(ByVal number As Long, ByVal job As String) As String
    Dim before As String
    Dim reply As Variant
    Dim book As Workbook
    Dim sheet As Worksheet
    before = DhOption(DhJobNow(job), "state", "")
    reply = DhRead(DhRequest("POST", "/v1/jobs/" & DhPathText(job) & "/resume", "", 0))
    If before <> "done" Then
        TakenUp = DhSay("jobs.resumed", CStr(number))
        Exit Function
    End If
    reply = DhJobFollowed(reply)
    Set book = DhOpenBook(DhOption(reply, "workbook", ""))
    If book Is Nothing Then Set book = DhBookInFront()
    Set sheet = DhListAbout(book, job)
    If Not sheet Is Nothing Then DhDropSheet sheet, book
    TakenUp = DhGapsText(reply)
    DhMakeList book, reply, TakenUp
End Function

' The job's list where it is still there and as the job is now, else a new one, in the workbook that the job was about.
Private Sub OpenList(ByRef reply As Variant)
    Dim book As Workbook
    Dim sheet As Worksheet
    Set book = DhOpenBook(DhOption(reply, "workbook", ""))
    If book Is Nothing Then
        Set book = DhBookInFront()
        ' 36 = a question with Yes and No; 6 = Yes.
        If DhTell(DhSay("jobs.other_book", DhFileName(DhOption(reply, "workbook", "")), book.Name), 36) <> 6 Then Exit Sub
    End If
    Set sheet = DhListAbout(book, DhOption(reply, "job", ""))
    book.Activate
    If Not sheet Is Nothing Then
        ' Taken up again elsewhere, the job may have found more.
        If Len(DhListFinished(sheet)) > 0 And DhListFinished(sheet) <> DhOption(reply, "finished", "") Then
            DhDropSheet sheet, book
            Set sheet = Nothing
        End If
    End If
    If sheet Is Nothing Then
        DhMakeList book, reply, ""
    Else
        sheet.Parent.Activate
        sheet.Activate
    End If
End Sub

Private Function JobsText(ByRef jobs As Variant) As String
    Dim rows As Variant
    Dim place As String
    Dim r As Long
    rows = DhRows(jobs)
    JobsText = DhSay("jobs.head") & vbLf
    For r = 1 To DhRowCount(jobs)
        place = DhFileName(CStr(rows(r, DhColumnOf(jobs, "workbook"))))
        If Len(place) = 0 Then place = CStr(rows(r, DhColumnOf(jobs, "title")))
        If Len(CStr(rows(r, DhColumnOf(jobs, "title")))) > 0 And place <> CStr(rows(r, DhColumnOf(jobs, "title"))) Then place = place & " (" & CStr(rows(r, DhColumnOf(jobs, "title"))) & ")"
        JobsText = JobsText & vbLf & DhSay("jobs.entry", CStr(r), Replace(Left$(CStr(rows(r, DhColumnOf(jobs, "created"))), 16), "T", " "), place, StateOf(jobs, rows, r))
    Next r
    JobsText = JobsText & vbLf & vbLf & DhSay("jobs.how")
End Function

Private Function StateOf(ByRef jobs As Variant, ByRef rows As Variant, ByVal r As Long) As String
    Dim state As String
    state = CStr(rows(r, DhColumnOf(jobs, "state")))
    StateOf = StateText(state)
    If state = "done" Then StateOf = DhSay("jobs.changes", NumberIn(jobs, rows, r, "changes"), NumberIn(jobs, rows, r, "applied"))
    If state = "done" And CStr(rows(r, DhColumnOf(jobs, "task"))) = "fill" Then StateOf = DhSay("jobs.answers", NumberIn(jobs, rows, r, "changes"), NumberIn(jobs, rows, r, "applied"))
    If NumberIn(jobs, rows, r, "gaps") <> "0" Then StateOf = StateOf & ", " & DhSay("jobs.gaps", NumberIn(jobs, rows, r, "gaps"))
    If state = "running" And Len(CStr(rows(r, DhColumnOf(jobs, "what")))) > 0 Then StateOf = StateOf & ": " & CStr(rows(r, DhColumnOf(jobs, "what")))
End Function

' A number of a job; 0 where an older service does not tell it.
Private Function NumberIn(ByRef jobs As Variant, ByRef rows As Variant, ByVal r As Long, ByVal title As String) As String
    NumberIn = "0"
    If DhColumnOf(jobs, title) > 0 Then NumberIn = CStr(Val(CStr(rows(r, DhColumnOf(jobs, title)))))
End Function

Private Function StateText(ByVal state As String) As String
    StateText = DhSay("job_state." & state)
End Function
