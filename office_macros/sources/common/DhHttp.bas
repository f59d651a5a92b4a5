Attribute VB_Name = "DhHttp"
' Requests to the service on this computer: where it is, the token, time-outs, and what failed. The only module that
' speaks HTTP. Nothing here knows what a request means.
Option Explicit

' Not running: no endpoint.txt, refused, or broken off.
Public Const DhErrNoService As Long = 47001
' The service does not take the token, though endpoint.txt was read again.
Public Const DhErrToken As Long = 47002
' No answer in time.
Public Const DhErrTimeout As Long = 47003
' The service's own error; the description is its text, DhReplyCode its code.
Public Const DhErrService As Long = 47004
' What is selected is no cells, or they are empty.
Public Const DhErrNoCells As Long = 47005
' A job's sheet or range is not in this workbook; the description is the sheet's name.
Public Const DhErrGone As Long = 47006
' A reply that can't be read; the description says where.
Public Const DhErrReply As Long = 47007
' More cells than can be sent at one time; the description is their number.
Public Const DhErrTooMany As Long = 47008

' Milliseconds: to find the address, to connect, for one packet to leave, and for the answer to begin.
Private Const RESOLVE_MS As Long = 2000
Private Const CONNECT_MS As Long = 2000
Private Const SEND_MS As Long = 30000
Private Const RECEIVE_MS As Long = 30000

' WinHTTP's errors as HRESULTs (winhttp.h 12002, 12007, 12029; 0x8007xxxx).
Private Const HTTP_TIMEOUT As Long = -2147012894
Private Const HTTP_NAME As Long = -2147012889
Private Const HTTP_CANNOT_CONNECT As Long = -2147012867

Private endpoint As String
Private token As String
Private wantedLanguage As String
Private statusCode As Long
Private replyCode As String

' The answer's text. path: "/v1/jobs/x?y=z"; body: "" for none; waitSeconds: how long the service may hold the answer
' back for a job to finish, 0 for not at all. Raises DhErrNoService, DhErrToken, DhErrTimeout, DhErrService, 18 (Esc).
Public Function DhRequest(ByVal method As String, ByVal path As String, ByVal body As String, ByVal waitSeconds As Long) As String
    Dim answer As String
    Dim before As String
    Dim again As Boolean
    Dim failed As Long
    statusCode = 0
    replyCode = ""
    ReadEndpoint
    failed = DhErrNoService
    If Len(token) > 0 Then failed = Exchange(method, path, body, waitSeconds, answer, again)
    If again Then
        ' The service may be starting again just now, with another port and token. What was refused was not done.
        before = endpoint & vbLf & token
        ReadEndpoint
        If Len(token) > 0 And endpoint & vbLf & token <> before Then failed = Exchange(method, path, body, waitSeconds, answer, again)
    End If
    If failed <> 0 Then Err.Raise failed, "Deskhand", answer
    DhRequest = answer
End Function

' The language of the service's texts from now on, "zh" or "en"; "" leaves it to the service's settings.
Public Sub DhSpeak(ByVal language As String)
    wantedLanguage = language
End Sub

' The HTTP status of the last answer, 0 where there was none.
Public Function DhReplyStatus() As Long
    DhReplyStatus = statusCode
End Function

' The code of the last answer's error, "" where there was none.
Public Function DhReplyCode() As String
    DhReplyCode = replyCode
End Function

' The folder that the service and the add-in share.
Public Function DhFolder() As String
    DhFolder = DhEnvironment("DESKHAND_FOLDER")
    If Len(DhFolder) = 0 Then DhFolder = DhEnvironment("LOCALAPPDATA") & "\Deskhand"
End Function

' The service's address as endpoint.txt has it now, "" where there is none.
Public Function DhAddress() As String
    ReadEndpoint
    DhAddress = endpoint
End Function

' A text as it stands in a path or behind a question mark.
Public Function DhPathText(ByVal text As String) As String
    Dim bytes As Variant
    Dim pieces() As String
    Dim i As Long
    If Len(text) = 0 Then Exit Function
    bytes = DhUtf8(text)
    ReDim pieces(LBound(bytes) To UBound(bytes))
    For i = LBound(bytes) To UBound(bytes)
        Select Case bytes(i)
            Case 45, 46, 48 To 57, 65 To 90, 95, 97 To 122, 126
                pieces(i) = Chr$(bytes(i))
            Case Else
                pieces(i) = "%" & Right$("0" & Hex$(bytes(i)), 2)
        End Select
    Next i
    DhPathText = Join(pieces, "")
End Function

' endpoint.txt: the address and the token, one line each.
Private Sub ReadEndpoint()
    Dim parts() As String
    endpoint = ""
    token = ""
    parts = Split(Replace(DhReadFile(DhFolder() & "\endpoint.txt"), vbCr, "") & vbLf & vbLf, vbLf)
    If Left$(parts(0), 7) = "http://" And Len(parts(1)) > 0 Then
        endpoint = parts(0)
        token = parts(1)
    End If
End Sub

' One request; 0 or the number to raise. answer: its text, or what to say. again: whether another address or token
' may help, because nothing was done.
Private Function Exchange(ByVal method As String, ByVal path As String, ByRef body As String, ByVal waitSeconds As Long, ByRef answer As String, ByRef again As Boolean) As Long
    Dim http As Object
    Dim bytes As Variant
    again = False
    answer = ""
    On Error GoTo Failed
    Set http = NewHttp()
    ' 1 = directly: no proxy stands between two programs of one computer.
    http.SetProxy 1
    http.SetTimeouts RESOLVE_MS, CONNECT_MS, SEND_MS, RECEIVE_MS + waitSeconds * 1000
    http.Open method, endpoint & path, False
    http.SetRequestHeader "Authorization", "Bearer " & token
    http.SetRequestHeader "Accept", "text/tab-separated-values"
    If Len(wantedLanguage) > 0 Then http.SetRequestHeader "Accept-Language", wantedLanguage
    If waitSeconds > 0 Then http.SetRequestHeader "Prefer", "wait=" & waitSeconds
    If Len(body) > 0 Then
        bytes = DhUtf8(body)
        http.SetRequestHeader "Content-Type", "text/tab-separated-values; charset=utf-8"
        http.Send (bytes)
    Else
        http.Send
    End If
    statusCode = http.Status
    answer = DhFromUtf8(http.ResponseBody)
    If statusCode >= 400 Then
        replyCode = ErrorCode(http)
        Exchange = DhErrService
        again = (statusCode = 401)
        If again Then Exchange = DhErrToken
        If Len(answer) = 0 Then answer = "HTTP " & statusCode
    End If
    Exit Function
Failed:
    answer = Err.Description
    Select Case Err.Number
        Case 18
            Exchange = 18
        Case HTTP_TIMEOUT
            Exchange = DhErrTimeout
        Case HTTP_CANNOT_CONNECT, HTTP_NAME
            Exchange = DhErrNoService
            again = True
        Case Else
            Exchange = DhErrNoService
    End Select
End Function

' WinHTTP, or MSXML where it is missing; both have the same methods.
Private Function NewHttp() As Object
    On Error Resume Next
    Set NewHttp = DhNew("WinHttp.WinHttpRequest.5.1")
    If NewHttp Is Nothing Then
        On Error GoTo 0
        Set NewHttp = DhNew("MSXML2.ServerXMLHTTP.6.0")
    End If
End Function

Private Function ErrorCode(ByVal http As Object) As String
    On Error Resume Next
    ErrorCode = http.GetResponseHeader("Deskhand-Error")
End Function
