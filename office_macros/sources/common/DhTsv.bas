Attribute VB_Name = "DhTsv"
' The wire's text/tab-separated-values: arrays to text and replies to arrays. Nothing here knows cells or HTTP.
' A cell is t:text n:number b:1 d:serial e:#N/A or nothing; before it may stand f: m: r: l:.
' A reply is a Variant that the functions below read: keys, texts, titles, rows x columns, row count, column count.
Option Explicit

' Error values as Excel numbers them (XlCVError) and as they are written.
Private Const ERROR_NUMBERS As String = "2000 2007 2015 2023 2029 2036 2042 2043 2045 2046 2047 2048 2049 2050"
Private Const ERROR_NAMES As String = "#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CONNECT! #BLOCKED! #UNKNOWN! #FIELD! #CALC!"

' What VarType says, as plain numbers: a host's own names for them are slow to look up, and every cell is asked.
Private Const IS_EMPTY As Long = 0
Private Const IS_NULL As Long = 1
Private Const IS_NUMBER As Long = 5
Private Const IS_DATE As Long = 7
Private Const IS_TEXT As Long = 8
Private Const IS_ERROR As Long = 10
Private Const IS_BOOLEAN As Long = 11

' \ TAB LF CR as \\ \t \n \r.
Public Function DhEscape(ByVal text As String) As String
    DhEscape = Replace(Replace(Replace(Replace(text, "\", "\\"), vbTab, "\t"), vbLf, "\n"), vbCr, "\r")
End Function

' The text that was escaped. A doubled backslash parts the pieces, so what follows it is not taken for an escape.
Public Function DhUnescape(ByVal text As String) As String
    Dim pieces() As String
    Dim i As Long
    If InStr(text, "\") = 0 Then
        DhUnescape = text
        Exit Function
    End If
    pieces = Split(text, "\\")
    For i = LBound(pieces) To UBound(pieces)
        pieces(i) = Replace(Replace(Replace(pieces(i), "\t", vbTab), "\n", vbLf), "\r", vbCr)
    Next i
    DhUnescape = Join(pieces, "\")
End Function

' One option of the head.
Public Function DhOptionLine(ByVal key As String, ByVal text As String) As String
    DhOptionLine = "#" & key & vbTab & DhEscape(text) & vbLf
End Function

' A body with options and no cells.
Public Function DhOptionsOnly(ByVal options As String) As String
    DhOptionsOnly = "#size" & vbTab & "0" & vbTab & "0" & vbLf & options & vbLf
End Function

' A number with a point in every locale. Str$ gives 15 digits; where that is not all, the rest is added as a sum.
Public Function DhNumberText(ByVal number As Double) As String
    Dim text As String
    Dim rest As Double
    If Abs(number) >= 1.79E+308 Then
        ' Rounded to 15 digits these would be out of range.
        text = "1.79E+308"
        If number < 0 Then text = "-" & text
    Else
        text = LTrim$(Str$(number))
        rest = number - Val(text)
        If rest > 0 Then
            text = text & "+" & LTrim$(Str$(rest))
        ElseIf rest < 0 Then
            text = text & LTrim$(Str$(rest))
        End If
    End If
    DhNumberText = text
End Function

' A number or a sum of two.
Public Function DhNumberOf(ByVal text As String) As Double
    Dim i As Long
    Dim sign As String
    If InStr(2, text, "+") > 0 Or InStr(2, text, "-") > 0 Then
        For i = 2 To Len(text)
            sign = Mid$(text, i, 1)
            If (sign = "+" Or sign = "-") And UCase$(Mid$(text, i - 1, 1)) <> "E" Then
                DhNumberOf = Val(Left$(text, i - 1)) + Val(Mid$(text, i))
                Exit Function
            End If
        Next i
    End If
    DhNumberOf = Val(text)
End Function

' The lines of a 1-based array, rows x columns, each ended by a line feed.
' marks: Empty, or an array of that size with what stands in front of each cell ("f:", "m:l:", "").
Public Function DhLines(ByRef values As Variant, ByRef marks As Variant) As String
    Dim lines() As String
    Dim fields() As String
    Dim special As String
    Dim value As Variant
    Dim marked As Boolean
    Dim rows As Long
    Dim columns As Long
    Dim r As Long
    Dim c As Long
    rows = UBound(values, 1)
    columns = UBound(values, 2)
    ReDim lines(1 To rows)
    ReDim fields(1 To columns)
    special = "*[\" & vbTab & vbLf & vbCr & "]*"
    marked = IsArray(marks)
    For r = 1 To rows
        For c = 1 To columns
            value = values(r, c)
            Select Case VarType(value)
                Case IS_TEXT
                    If value Like special Then
                        fields(c) = "t:" & DhEscape(value)
                    Else
                        fields(c) = "t:" & value
                    End If
                Case IS_NUMBER
                    fields(c) = "n:" & DhNumberText(value)
                Case IS_EMPTY, IS_NULL
                    fields(c) = ""
                Case IS_BOOLEAN
                    If value Then
                        fields(c) = "b:1"
                    Else
                        fields(c) = "b:0"
                    End If
                Case IS_ERROR
                    fields(c) = "e:" & DhErrorText(value)
                Case IS_DATE
                    fields(c) = "d:" & DhNumberText(CDbl(value))
                Case Else
                    fields(c) = "n:" & DhNumberText(CDbl(value))
            End Select
            If marked Then fields(c) = marks(r, c) & fields(c)
        Next c
        lines(r) = Join(fields, vbTab)
    Next r
    DhLines = Join(lines, vbLf) & vbLf
End Function

' A reply read once. Raises DhErrReply, which says where.
Public Function DhRead(ByVal text As String) As Variant
    Dim keys() As String
    Dim texts() As String
    Dim titles As Variant
    Dim rows As Variant
    Dim size As Variant
    Dim head() As String
    Dim parts() As String
    Dim gap As Long
    Dim count As Long
    Dim i As Long
    Dim j As Long
    If InStr(text, vbCr) > 0 Then text = Replace(text, vbCrLf, vbLf)
    gap = InStr(text, vbLf & vbLf)
    If gap < 2 Then Err.Raise DhErrReply, "Deskhand", "head"
    head = Split(Left$(text, gap - 1), vbLf)
    ReDim keys(0 To UBound(head))
    ReDim texts(0 To UBound(head))
    For i = 0 To UBound(head)
        parts = Split(head(i), vbTab)
        If Left$(head(i), 1) <> "#" Or UBound(parts) < 1 Then Err.Raise DhErrReply, "Deskhand", "line " & (i + 1)
        Select Case parts(0)
            Case "#header"
                ReDim titles(1 To UBound(parts))
                For j = 1 To UBound(parts)
                    titles(j) = DhUnescape(parts(j))
                Next j
            Case "#size"
                If UBound(parts) <> 2 Then Err.Raise DhErrReply, "Deskhand", "size"
                size = parts
            Case Else
                keys(count) = Mid$(parts(0), 2)
                texts(count) = DhUnescape(parts(1))
                count = count + 1
        End Select
    Next i
    If IsEmpty(size) Then Err.Raise DhErrReply, "Deskhand", "size"
    If Val(size(1)) > 0 And Val(size(2)) > 0 Then rows = RowsOf(Mid$(text, gap + 2), CLng(Val(size(1))), CLng(Val(size(2))), UBound(head) + 3)
    DhRead = Array(keys, texts, titles, rows, CLng(Val(size(1))), CLng(Val(size(2))), count)
End Function

' An option of a reply, or what to take where it has none.
Public Function DhOption(ByRef reply As Variant, ByVal key As String, ByVal otherwise As String) As String
    Dim i As Long
    DhOption = otherwise
    For i = 0 To reply(6) - 1
        If reply(0)(i) = key Then
            DhOption = reply(1)(i)
            Exit Function
        End If
    Next i
End Function

' Rows of values, the header not counted.
Public Function DhRowCount(ByRef reply As Variant) As Long
    DhRowCount = reply(4)
End Function

' Columns of values.
Public Function DhColumnCount(ByRef reply As Variant) As Long
    DhColumnCount = reply(5)
End Function

' The column with this title, counted from 1; 0 where none has it.
Public Function DhColumnOf(ByRef reply As Variant, ByVal title As String) As Long
    Dim titles As Variant
    Dim i As Long
    titles = reply(2)
    If Not IsArray(titles) Then Exit Function
    For i = 1 To UBound(titles)
        If titles(i) = title Then
            DhColumnOf = i
            Exit Function
        End If
    Next i
End Function

' The header, a 1-based array of texts; Empty where there is none.
Public Function DhTitles(ByRef reply As Variant) As Variant
    DhTitles = reply(2)
End Function

' The values, a 1-based array of rows x columns; Empty where there are none.
Public Function DhRows(ByRef reply As Variant) As Variant
    DhRows = reply(3)
End Function

' An error value as it is written; one that Excel may yet invent is #UNKNOWN!.
Public Function DhErrorText(ByVal value As Variant) As String
    Dim numbers() As String
    Dim names() As String
    Dim i As Long
    DhErrorText = "#UNKNOWN!"
    numbers = Split(ERROR_NUMBERS, " ")
    names = Split(ERROR_NAMES, " ")
    For i = 0 To UBound(numbers)
        If CLng(numbers(i)) = CLng(value) Then DhErrorText = names(i)
    Next i
End Function

Private Function RowsOf(ByVal body As String, ByVal rows As Long, ByVal columns As Long, ByVal first As Long) As Variant
    Dim values() As Variant
    Dim lines() As String
    Dim fields() As String
    Dim before() As String
    Dim field As String
    Dim tabulator As String
    Dim r As Long
    Dim c As Long
    tabulator = vbTab
    lines = Split(body, vbLf)
    If UBound(lines) < rows - 1 Then Err.Raise DhErrReply, "Deskhand", "line " & (first + UBound(lines) + 1)
    ReDim values(1 To rows, 1 To columns)
    ReDim before(0 To columns - 1)
    For r = 1 To rows
        fields = Split(lines(r - 1), tabulator)
        ' One empty cell is an empty line, of which Split makes no field at all.
        If UBound(fields) <> columns - 1 And Not (columns = 1 And Len(lines(r - 1)) = 0) Then Err.Raise DhErrReply, "Deskhand", "line " & (first + r - 1)
        If UBound(fields) < 0 Then before(0) = ""
        For c = 0 To UBound(fields)
            field = fields(c)
            If field = before(c) Then
                ' Half of a reply stands in the line above too.
                If r > 1 Then values(r, c + 1) = values(r - 1, c + 1)
            Else
                before(c) = field
                Select Case Left$(field, 2)
                    Case "t:"
                        If InStr(field, "\") = 0 Then
                            values(r, c + 1) = Mid$(field, 3)
                        Else
                            values(r, c + 1) = DhUnescape(Mid$(field, 3))
                        End If
                    Case "n:", "d:"
                        values(r, c + 1) = DhNumberOf(Mid$(field, 3))
                    Case ""
                    Case Else
                        values(r, c + 1) = RareValue(field, first + r - 1)
                End Select
            End If
        Next c
    Next r
    RowsOf = values
End Function

' Truth values, errors, and cells with marks in front.
Private Function RareValue(ByVal field As String, ByVal place As Long) As Variant
    Do While field Like "[fmrl]:*"
        field = Mid$(field, 3)
    Loop
    Select Case Left$(field, 2)
        Case ""
        Case "b:"
            RareValue = (Mid$(field, 3) = "1")
        Case "e:"
            RareValue = ErrorValue(DhUnescape(Mid$(field, 3)))
        Case "t:"
            RareValue = DhUnescape(Mid$(field, 3))
        Case "n:", "d:"
            RareValue = DhNumberOf(Mid$(field, 3))
        Case Else
            Err.Raise DhErrReply, "Deskhand", "line " & place
    End Select
End Function

' The error value of a name; a name Excel does not have stays a text.
Private Function ErrorValue(ByVal name As String) As Variant
    Dim numbers() As String
    Dim names() As String
    Dim i As Long
    ErrorValue = name
    numbers = Split(ERROR_NUMBERS, " ")
    names = Split(ERROR_NAMES, " ")
    For i = 0 To UBound(names)
        If names(i) = name Then ErrorValue = CVErr(CLng(numbers(i)))
    Next i
End Function
