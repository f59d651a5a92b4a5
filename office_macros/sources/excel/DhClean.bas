Attribute VB_Name = "DhClean"
' The button Clean: from what is selected to a list of changes. Nothing is written into the data here.
Option Explicit

Public Sub DhRunClean()
    Dim told As String
    On Error GoTo Failed
    If Not DhBegin() Then Exit Sub
    told = CleanSelection()
    DhEnd
    If Len(told) > 0 Then DhTell told, 64
    Exit Sub
Failed:
    DhFail Err.Number, Err.Description
End Sub

' What to say at the end, "" where the list says it all.
Private Function CleanSelection() As String
    Dim book As Workbook
    Dim areas As Collection
    Dim options As String
    Dim body As String
    Dim reply As Variant
    Dim notes As String
    Dim name As String
    Set book = DhBookInFront()
    name = book.Name
    If DhIsList(ActiveSheet) Or DhIsForm(ActiveSheet) Then DhStop DhSay("error.on_review")
    If TypeName(Selection) <> "Range" Then Err.Raise DhErrNoCells, "Deskhand", ""
    DhStatus DhSay("status.reading")
    Set areas = DhAreas(Selection)
    options = DhOptionLine("workbook", book.FullName)
    options = options & DhModelOption()
    If DhHiddenRows(areas) > 0 Then options = options & DhOptionLine("visible_only", "1")
    body = DhGridsText(areas, options, True)
    notes = NotesOnCells()
    reply = DhJobDone("clean", body)
    body = ""
    ' Excel takes clicks while a job works.
    If Not DhIsOpen(book) Then DhStop DhSay("error.book_gone", name)
    If Val(DhOption(reply, "changes", "0")) + Val(DhOption(reply, "flags", "0")) = 0 Then
        CleanSelection = DhSay("clean.nothing") & vbLf & vbLf & notes
    Else
        DhMakeList book, reply, notes
    End If
End Function

' What was looked at and what was left alone, a line each.
Private Function NotesOnCells() As String
    NotesOnCells = DhSay("note.looked", CStr(DhSeen("cells")))
    If DhSeen("hidden") > 0 Then NotesOnCells = NotesOnCells & vbLf & DhSay("note.hidden", CStr(DhSeen("hidden")))
    If DhSeen("formulas") > 0 Then NotesOnCells = NotesOnCells & vbLf & DhSay("note.formulas", CStr(DhSeen("formulas")))
    If DhSeen("locked") > 0 Then NotesOnCells = NotesOnCells & vbLf & DhSay("note.locked", CStr(DhSeen("locked")))
    If DhSeen("merged") > 0 Then NotesOnCells = NotesOnCells & vbLf & DhSay("note.merged", CStr(DhSeen("merged")))
    If DhSeen("rich") > 0 Then NotesOnCells = NotesOnCells & vbLf & DhSay("note.rich", CStr(DhSeen("rich")))
End Function
