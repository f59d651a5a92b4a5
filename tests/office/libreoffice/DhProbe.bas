Attribute VB_Name = "DhProbe"
Option Explicit
' Small steps between a test and single functions of the add-in, since arrays do not cross into Basic as they are.

' The lines of an array that comes as an array of rows.
Public Function DhProbeLines(ByVal rows As Variant) As String
    Dim values() As Variant
    Dim r As Long
    Dim c As Long
    ReDim values(1 To UBound(rows) + 1, 1 To UBound(rows(0)) + 1)
    For r = 0 To UBound(rows)
        For c = 0 To UBound(rows(r))
            values(r + 1, c + 1) = rows(r)(c)
        Next c
    Next r
    DhProbeLines = DhLines(values, Empty)
End Function

' The rows of a reply; error values as texts with a bell before them, as they do not cross.
Public Function DhProbeRows(ByVal text As String) As Variant
    Dim reply As Variant
    Dim rows As Variant
    Dim r As Long
    Dim c As Long
    reply = DhRead(text)
    rows = DhRows(reply)
    If Not IsArray(rows) Then Exit Function
    For r = 1 To UBound(rows, 1)
        For c = 1 To UBound(rows, 2)
            If IsError(rows(r, c)) Then rows(r, c) = Chr$(7) & DhErrorText(rows(r, c))
        Next c
    Next r
    DhProbeRows = rows
End Function

' An option, the titles with bars between, and the size of a reply.
Public Function DhProbeHead(ByVal text As String, ByVal key As String) As Variant
    Dim reply As Variant
    reply = DhRead(text)
    DhProbeHead = Array(DhOption(reply, key, "none"), Join(DhTitles(reply), "|"), DhRowCount(reply), DhColumnCount(reply))
End Function

' An answer of the service with its status and code, or the number and text of the error that was raised.
Public Function DhProbeRequest(ByVal method As String, ByVal path As String, ByVal body As String) As Variant
    Dim answer As String
    On Error GoTo Failed
    answer = DhRequest(method, path, body, 0)
    DhProbeRequest = Array(0, answer, DhReplyStatus(), DhReplyCode())
    Exit Function
Failed:
    DhProbeRequest = Array(Err.Number, Err.Description, DhReplyStatus(), DhReplyCode())
End Function

' What is selected, as it would be sent.
Public Function DhProbeGrids(ByVal options As String, ByVal withHeader As Boolean) As String
    DhProbeGrids = DhGridsText(DhAreas(Selection), options, withHeader)
End Function

' Carries out the writes of a reply in the workbook in front: how many cells hold what was wanted, and how many not.
Public Function DhProbeWrite(ByVal text As String) As Variant
    Dim failures As Variant
    Dim count As Long
    count = DhWriteCells(ActiveWorkbook, DhRead(text), failures)
    If IsArray(failures) Then
        DhProbeWrite = Array(count, UBound(failures, 1))
    Else
        DhProbeWrite = Array(count, 0)
    End If
End Function
