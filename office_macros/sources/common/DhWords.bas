Attribute VB_Name = "DhWords"
' Which language is spoken, and a text in it. The person's choice in Settings comes first, then the language of Office's
' menus. The texts themselves are made from templates/messages into DhTexts.
Option Explicit

Private dhSpoken As String

' A text, with {a}, {b}, {c}, {d} filled in.
Public Function DhSay(ByVal key As String, Optional ByVal a As String = "", Optional ByVal b As String = "", Optional ByVal c As String = "", Optional ByVal d As String = "") As String
    Dim text As String
    text = DhText(key, DhLanguage())
    text = Replace(text, "{d}", d)
    text = Replace(text, "{c}", c)
    text = Replace(text, "{b}", b)
    DhSay = Replace(text, "{a}", a)
End Function

' What was typed into a box, without spaces around it; a Chinese keyboard's wide letters and digits as plain ones.
Public Function DhTyped(ByVal text As String) As String
    Dim i As Long
    Dim code As Long
    For i = 1 To Len(text)
        code = AscW(Mid$(text, i, 1)) And 65535
        If code = 12288 Then
            code = 32
        ElseIf code > 65280 And code < 65375 Then
            code = code - 65248
        End If
        DhTyped = DhTyped & ChrW(code)
    Next i
    DhTyped = Trim$(DhTyped)
End Function

' "zh" or "en".
Public Function DhLanguage() As String
    If Len(dhSpoken) = 0 Then DhHear
    DhLanguage = dhSpoken
End Function

' Looks again which language is wanted, and has the service speak it too.
Public Sub DhHear()
    dhSpoken = ChosenLanguage()
    If Len(dhSpoken) = 0 Then dhSpoken = OfficeLanguage()
    DhSpeak dhSpoken
End Sub

' What stands in the settings as  language = "zh"; "" where nothing is chosen. Read from the file, so that a message
' that the service is not running comes in the right language too.
Private Function ChosenLanguage() As String
    Dim lines() As String
    Dim text As String
    Dim i As Long
    lines = Split(Replace(DhReadFile(DhFolder() & "\settings.toml"), vbCr, "") & vbLf, vbLf)
    For i = 0 To UBound(lines)
        text = Replace(Replace(Replace(lines(i), " ", ""), vbTab, ""), "'", """")
        If Left$(text, 12) = "language=""zh" Then ChosenLanguage = "zh"
        If Left$(text, 12) = "language=""en" Then ChosenLanguage = "en"
    Next i
End Function

Private Function OfficeLanguage() As String
    Select Case DhOfficeLanguage()
        ' Chinese of mainland China, Taiwan, Hong Kong, Singapore, Macao (MS-LCID).
        Case 2052, 1028, 3076, 4100, 5124
            OfficeLanguage = "zh"
        Case Else
            OfficeLanguage = "en"
    End Select
End Function
