Attribute VB_Name = "DhJob"
' A job of the service from here: started, followed in the status bar, stopped by Esc, waited for while the service
' starts again. What a job found is others' business.
Option Explicit

' Seconds that the service may hold back an answer while a job works; Esc is noticed between two answers.
Private Const WAIT_SECONDS As Long = 1
' Seconds without a service until it counts as gone.
Private Const GONE_SECONDS As Long = 30

' Starts a task with the cells in body, and gives the reply on the job once it is done.
' Raises 18 where the person pressed Esc (the job is stopped then) and what DhRequest raises.
Public Function DhJobDone(ByVal task As String, ByVal body As String) As Variant
    Dim reply As Variant
    DhStatus DhSay("status.started")
    ' Esc while the cells are sent is taken at the first pause: only then has the job a name by which it can be stopped.
    DhCancelKey 0
    reply = DhRead(DhRequest("POST", "/v1/tasks/" & task, body, WAIT_SECONDS))
    DhCancelKey 2
    DhJobDone = DhJobFollowed(reply)
End Function

' The reply on a job as it stands.
Public Function DhJobNow(ByVal job As String) As Variant
    DhJobNow = DhRead(DhRequest("GET", "/v1/jobs/" & DhPathText(job), "", 0))
End Function

' Follows a job from a first reply on until it is done.
Public Function DhJobFollowed(ByVal reply As Variant) As Variant
    Dim job As String
    Dim number As Long
    Dim description As String
    job = DhOption(reply, "job", "")
    On Error GoTo Failed
    Do Until DhOption(reply, "state", "") = "done"
        If DhOption(reply, "state", "") = "failed" Then DhStop DhOption(reply, "error", "") & vbLf & vbLf & DhOption(reply, "todo", "")
        If DhOption(reply, "state", "") = "cancelled" Then Err.Raise 18, "Deskhand", ""
        ShowProgress reply
        DhPause 100
        reply = NextReply(job)
    Loop
    DhJobFollowed = reply
    Exit Function
Failed:
    number = Err.Number
    description = Err.Description
    ' A second Esc does not keep the first from being told to the service.
    DhCancelKey 0
    If number = 18 Then StopQuietly job
    Err.Raise number, "Deskhand", description
End Function

Private Sub ShowProgress(ByRef reply As Variant)
    Dim total As Long
    total = CLng(Val(DhOption(reply, "total", "0")))
    If total > 0 And Len(DhOption(reply, "what", "")) > 0 Then
        DhStatus DhSay("status.working", DhOption(reply, "what", ""), DhOption(reply, "done", "0"), CStr(total))
    Else
        DhStatus DhSay("status.started")
    End If
End Sub

' Waits for a service that is being started again; the job goes on then by itself.
Private Function NextReply(ByVal job As String) As Variant
    Dim reply As Variant
    Dim description As String
    Dim failed As Long
    Dim last As Double
    last = DhSeconds() + GONE_SECONDS
    Do
        failed = AskedQuietly(job, reply, description)
        If failed = 0 Then Exit Do
        If failed <> DhErrNoService Or DhSeconds() > last Then Err.Raise failed, "Deskhand", description
        DhStatus DhSay("status.waiting")
        DhPause 500
    Loop
    NextReply = reply
End Function

Private Function AskedQuietly(ByVal job As String, ByRef reply As Variant, ByRef description As String) As Long
    On Error GoTo Failed
    reply = DhRead(DhRequest("GET", "/v1/jobs/" & job, "", WAIT_SECONDS))
    Exit Function
Failed:
    AskedQuietly = Err.Number
    description = Err.Description
End Function

Private Sub StopQuietly(ByVal job As String)
    On Error Resume Next
    DhRequest "POST", "/v1/jobs/" & job & "/cancel", "", 0
End Sub
