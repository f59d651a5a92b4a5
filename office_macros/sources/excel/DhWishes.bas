Attribute VB_Name = "DhWishes"
' What stands in the form of the button Fill, as options of the task: words in either language as keys, lists line by
' line, however they were typed. Nothing is asked or sent here.
Option Explicit

' The options of the task as the form has them. Stops where there is nothing to do.
Public Function DhFillOptions(ByVal form As Worksheet, ByVal book As Workbook) As String
    Dim template As String
    Dim prompt As String
    Dim rows As String
    template = DhFormTemplate(form)
    prompt = DhFormText(form, "prompt")
    If Len(template) = 0 And Len(prompt) = 0 Then DhStop DhSay("fill.no_instruction")
    DhFillOptions = DhOptionLine("workbook", book.FullName)
    If Len(template) > 0 Then
        DhFillOptions = DhFillOptions & DhOptionLine("template", template) & Given("values", Settings(DhFormText(form, "values")))
    Else
        If Len(DhFormText(form, "into")) = 0 Then DhStop DhSay("fill.no_title")
        DhFillOptions = DhFillOptions & DhOptionLine("prompt", prompt)
        DhFillOptions = DhFillOptions & Given("type", KeyOf("form.types", "text,number,date,choice,list", DhFormText(form, "type")))
    End If
    ' An instruction with titles in braces says itself what is read.
    If Len(template) > 0 Or InStr(prompt, "{") = 0 Then DhFillOptions = DhFillOptions & Given("columns", Listed(DhFormText(form, "columns")))
    DhFillOptions = DhFillOptions & Given("into", Listed(DhFormText(form, "into")))
    DhFillOptions = DhFillOptions & ChoicesOf(book, DhFormText(form, "choices"), template)
    rows = KeyOf("form.rows", "all,visible", DhFormText(form, "rows"))
    If rows = "visible" Then
        DhFillOptions = DhFillOptions & DhOptionLine("visible_only", "1")
    ElseIf rows <> "all" Then
        DhFillOptions = DhFillOptions & Given("rows", rows)
    End If
    If KeyOf("form.filled", "keep,replace", DhFormText(form, "filled")) = "replace" Then DhFillOptions = DhFillOptions & DhOptionLine("overwrite", "1")
End Function

' The cells of a place as written in a form, Sheet1!A2:E9; Nothing where there is no such place.
Public Function DhCellsAt(ByVal book As Workbook, ByVal place As String) As Object
    Dim at As Long
    Dim name As String
    at = InStrRev(place, "!")
    If at < 2 Then Exit Function
    name = Left$(place, at - 1)
    Set DhCellsAt = CellsOn(book, name, Mid$(place, at + 1))
    ' In formulas a name with spaces has quotes around it.
    If DhCellsAt Is Nothing And name Like "'*'" Then Set DhCellsAt = CellsOn(book, Replace(Mid$(name, 2, Len(name) - 2), "''", "'"), Mid$(place, at + 1))
End Function

Private Function CellsOn(ByVal book As Workbook, ByVal sheet As String, ByVal address As String) As Object
    On Error Resume Next
    Set CellsOn = book.Worksheets(sheet).Range(address)
End Function

' Choices as they are typed, or those that stand in a range: a long list to look up in.
Private Function ChoicesOf(ByVal book As Workbook, ByVal text As String, ByVal template As String) As String
    Dim cells As Object
    Dim found As Variant
    Dim entries As String
    Dim r As Long
    Set cells = DhCellsAt(book, text)
    If cells Is Nothing Then
        ChoicesOf = Given("choices", Listed(text))
        Exit Function
    End If
    Set cells = Application.Intersect(cells, cells.Worksheet.UsedRange)
    If cells Is Nothing Then Exit Function
    found = DhValues(cells)
    If IsArray(found) Then
        For r = 1 To UBound(found, 1)
            If Not IsError(found(r, 1)) Then
                If Len(CStr(found(r, 1))) > 0 Then entries = entries & Replace(CStr(found(r, 1)), vbLf, " ") & vbLf
            End If
        Next r
    ElseIf Not IsError(found) Then
        entries = CStr(found) & vbLf
    End If
    If Len(template) > 0 Then
        ChoicesOf = Given("entries", entries)
    Else
        ChoicesOf = Given("choices", entries)
    End If
End Function

Private Function Given(ByVal key As String, ByVal text As String) As String
    If Len(text) > 0 Then Given = DhOptionLine(key, text)
End Function

' What is one of the words of a list, in either language, by its key; anything else as it is.
Private Function KeyOf(ByVal words As String, ByVal keys As String, ByVal text As String) As String
    Dim language As Variant
    Dim known() As String
    Dim named() As String
    Dim i As Long
    KeyOf = text
    named = Split(keys, ",")
    For Each language In Array("en", "zh")
        known = Split(DhText(words, CStr(language)), ",")
        For i = 0 To UBound(known)
            If LCase$(known(i)) = LCase$(text) Then KeyOf = named(i)
        Next i
    Next language
End Function

' A list, each entry ended by a line feed. Semicolons or lines part the entries, else commas; Chinese ones as well.
Private Function Listed(ByVal text As String) As String
    Dim parts() As String
    Dim i As Long
    text = Replace(Replace(text, vbCr, ""), ChrW(65307), ";")
    text = Replace(text, vbLf, ";")
    If InStr(text, ";") = 0 Then text = Replace(Replace(Replace(text, ChrW(65292), ";"), ChrW(12289), ";"), ",", ";")
    parts = Split(text, ";")
    For i = 0 To UBound(parts)
        If Len(Trim$(parts(i))) > 0 Then Listed = Listed & Trim$(parts(i)) & vbLf
    Next i
End Function

' Settings name=value, each ended by a line feed. A part without an equals sign goes on with the value before it.
Private Function Settings(ByVal text As String) As String
    Dim parts() As String
    Dim i As Long
    text = Replace(Replace(text, vbCr, ""), ChrW(65307), ";")
    text = Replace(Replace(text, ChrW(65309), "="), vbLf, ";")
    If InStr(text, ";") = 0 Then text = Replace(Replace(text, ChrW(65292), ";"), ",", ";")
    parts = Split(text, ";")
    For i = 0 To UBound(parts)
        If InStr(parts(i), "=") > 0 Or Len(Settings) = 0 Then
            If Len(Trim$(parts(i))) > 0 Then Settings = Settings & Trim$(parts(i)) & vbLf
        ElseIf Len(Trim$(parts(i))) > 0 Then
            Settings = Left$(Settings, Len(Settings) - 1) & ", " & Trim$(parts(i)) & vbLf
        End If
    Next i
End Function
