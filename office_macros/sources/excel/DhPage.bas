Attribute VB_Name = "DhPage"
' The service's own pages, opened in the browser with a ticket that holds once and for a minute.
Option Explicit

' Opens "/settings" or "/jobs"; False where the service has no such page, because it is older.
Public Function DhOpenPage(ByVal page As String) As Boolean
    Dim address As String
    Dim ticket As String
    If Not HasTicket(ticket) Then Exit Function
    DhOpenPage = True
    address = DhAddress() & page & "?ticket=" & DhPathText(ticket)
    If Not DhBrowse(address) Then DhStop DhSay("page.by_hand", address)
End Function

Private Function HasTicket(ByRef ticket As String) As Boolean
    Dim number As Long
    Dim description As String
    On Error GoTo Failed
    ticket = DhOption(DhRead(DhRequest("POST", "/v1/tickets", "", 0)), "ticket", "")
    HasTicket = True
    Exit Function
Failed:
    number = Err.Number
    description = Err.Description
    If number <> DhErrService Or DhReplyStatus() <> 404 Then Err.Raise number, "Deskhand", description
End Function
