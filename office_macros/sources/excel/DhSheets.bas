Attribute VB_Name = "DhSheets"
' Sheets of Deskhand's own: added beside the person's, or in a workbook of their own where theirs takes none, and taken
' away again. What stands in them is others' business.
Option Explicit

' A new sheet behind the one in front, named like this, with a number where the name is taken. Stops where there is none.
Public Function DhNewSheet(ByVal book As Workbook, ByVal name As String) As Worksheet
    Dim home As Workbook
    Dim reason As String
    If book.ProtectStructure Then
        Set home = DhBooks().Add
        Set DhNewSheet = home.Worksheets(1)
    Else
        Set DhNewSheet = AddedSheet(book, reason)
        If DhNewSheet Is Nothing Then DhStop DhSay("error.no_room", reason)
    End If
    DhNewSheet.Name = FreeName(DhNewSheet.Parent, name)
End Function

' Takes a sheet away without asking, with its workbook where that was made for it: half a list is no list.
Public Sub DhDropSheet(ByVal sheet As Worksheet, ByVal book As Workbook)
    Dim alerts As Variant
    On Error Resume Next
    alerts = DhQuiet("DisplayAlerts", False)
    If sheet.Parent.FullName = book.FullName Then
        sheet.Delete
    Else
        sheet.Parent.Close False
    End If
    If Not IsEmpty(alerts) Then DhQuiet "DisplayAlerts", alerts
End Sub

' Whether a workbook is still open.
Public Function DhIsOpen(ByVal book As Workbook) As Boolean
    On Error Resume Next
    DhIsOpen = Not DhBooks().Item(book.Name) Is Nothing
End Function

Private Function AddedSheet(ByVal book As Workbook, ByRef reason As String) As Worksheet
    On Error GoTo Refused
    ' Of several sheets selected Excel would add as many.
    Set AddedSheet = book.Worksheets.Add(After:=book.ActiveSheet, Count:=1)
    Exit Function
Refused:
    reason = Err.Description
End Function

' The name, with a number behind it where a sheet has it already.
Private Function FreeName(ByVal book As Workbook, ByVal name As String) As String
    Dim number As Long
    FreeName = name
    number = 1
    Do While HasSheet(book, FreeName)
        number = number + 1
        FreeName = name & " " & number
    Loop
End Function

Private Function HasSheet(ByVal book As Workbook, ByVal name As String) As Boolean
    Dim sheet As Object
    For Each sheet In book.Sheets
        If LCase$(sheet.Name) = LCase$(name) Then HasSheet = True
    Next sheet
End Function
