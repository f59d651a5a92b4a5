Attribute VB_Name = "DhHelp"
' The button Help: what the buttons do, and whether the service is there.
Option Explicit

Public Sub DhRunHelp()
    Dim told As String
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    told = DhSay("help.text", DhVersion) & vbLf & vbLf & ServiceText() & vbLf & DhSay("help.folder", DhFolder()) & vbLf & DhSay("help.guide", DhFolder() & "\guide." & DhLanguage() & ".txt")
    DhEnd
    DhTell told, 64
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

Private Function ServiceText() As String
    Dim reply As Variant
    On Error GoTo Down
    reply = DhRead(DhRequest("GET", "/health", "", 0))
    ServiceText = DhSay("help.service_up", DhAddress(), DhOption(reply, "version", ""))
    Exit Function
Down:
    ServiceText = DhSay("help.service_down")
End Function
