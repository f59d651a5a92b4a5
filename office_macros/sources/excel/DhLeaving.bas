Attribute VB_Name = "DhLeaving"
' What a run would take of a model, and whether a person lets their cells go to it. Reckoned and known by the service.
Option Explicit

' The host and model to which a person has let data go since Excel was started.
Private leavingAgreed As String

' Whether data may go to the model of an estimate: asked once for each that is not on this computer.
Public Function DhMayLeave(ByRef estimate As Variant) As Boolean
    Dim host As String
    Dim model As String
    DhMayLeave = True
    If Val(DhOption(estimate, "model_calls", "0")) = 0 Or DhOption(estimate, "is_local", "0") = "1" Then Exit Function
    host = DhOption(estimate, "host", "")
    model = DhOption(estimate, "model", "")
    If leavingAgreed = host & " " & model Then Exit Function
    ' 33 = a question with OK and Cancel; 1 = OK.
    DhMayLeave = (DhTell(DhSay("fill.ask_send", host, model, DhEstimateText(estimate)), 33) = 1)
    If DhMayLeave Then leavingAgreed = host & " " & model
End Function

' For Clean, which goes on by rules alone where a person keeps their cells here: "" or the option that says so. Raises 18
' where they cancel.
Public Function DhModelOption() As String
    Dim model As Variant
    Dim receiver As String
    Dim answer As Long
    If Not HasModel(model) Then Exit Function
    receiver = DhOption(model, "host", "") & " " & DhOption(model, "model", "")
    If Len(DhOption(model, "host", "")) = 0 Or DhOption(model, "is_local", "0") = "1" Or receiver = leavingAgreed Then Exit Function
    ' 35 = a question with Yes, No and Cancel; 6 = Yes, 7 = No.
    answer = DhTell(DhSay("clean.ask_send", DhOption(model, "host", ""), DhOption(model, "model", "")), 35)
    If answer = 6 Then
        leavingAgreed = receiver
    ElseIf answer = 7 Then
        DhModelOption = DhOptionLine("no_model", "1")
    Else
        Err.Raise 18, "Deskhand", ""
    End If
End Function

' An older service asks no model.
Private Function HasModel(ByRef model As Variant) As Boolean
    Dim number As Long
    Dim description As String
    On Error GoTo Failed
    model = DhRead(DhRequest("GET", "/v1/model", "", 0))
    HasModel = True
    Exit Function
Failed:
    number = Err.Number
    description = Err.Description
    If number <> DhErrService Or DhReplyStatus() <> 404 Then Err.Raise number, "Deskhand", description
End Function

' What all rows would take.
Public Function DhEstimateText(ByRef estimate As Variant) As String
    Dim tokens As Double
    tokens = Val(DhOption(estimate, "tokens_in", "0")) + Val(DhOption(estimate, "tokens_out", "0"))
    If Val(DhOption(estimate, "model_calls", "0")) = 0 Then
        DhEstimateText = DhSay("fill.no_calls")
        Exit Function
    End If
    DhEstimateText = DhSay("fill.estimate", DhOption(estimate, "items", "0"), DhOption(estimate, "known", "0"), DhOption(estimate, "model_calls", "0"), CStr(tokens))
    If Len(DhOption(estimate, "cost", "")) > 0 Then DhEstimateText = DhEstimateText & " " & DhSay("fill.cost", DhOption(estimate, "cost", ""), DhOption(estimate, "currency", ""))
End Function
