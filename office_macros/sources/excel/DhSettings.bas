Attribute VB_Name = "DhSettings"
' The button Settings: the service's page of settings in the browser; where the service is older and has none, boxes for the
' language and the country of numbers that do not say theirs.
Option Explicit

Public Sub DhRunSettings()
    Dim told As String
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    If Not DhOpenPage("/settings") Then told = ChangedSettings()
    DhHear
    DhEnd
    If Len(told) > 0 Then DhTell told, 64
    DhRefreshRibbon
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

' What to say; "" where the person cancelled.
Private Function ChangedSettings() As String
    Dim reply As Variant
    Dim language As String
    Dim region As String
    Dim cancelled As Boolean
    reply = DhRead(DhRequest("GET", "/v1/settings", "", 0))
    language = DhTyped(DhInput(DhSay("settings.language"), LanguageNumber(DhOption(reply, "language", "")), cancelled))
    If cancelled Then Exit Function
    If InStr("012", language) = 0 Or Len(language) <> 1 Then DhStop DhSay("settings.bad_language", language)
    region = UCase$(DhTyped(DhInput(DhSay("settings.region"), DhOption(reply, "region", ""), cancelled)))
    If cancelled Then Exit Function
    language = Choose(Val(language) + 1, "auto", "en", "zh")
    reply = DhRead(DhRequest("PUT", "/v1/settings", DhOptionsOnly(DhOptionLine("language", language) & DhOptionLine("region", region)), 0))
    DhHear
    ChangedSettings = DhSay("settings.saved", DhAddress(), DhFolder())
End Function

Private Function LanguageNumber(ByVal language As String) As String
    Select Case language
        Case "en"
            LanguageNumber = "1"
        Case "zh"
            LanguageNumber = "2"
        Case Else
            LanguageNumber = "0"
    End Select
End Function
