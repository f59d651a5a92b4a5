Attribute VB_Name = "DhGuard"
Option Explicit
' Every macro is entered here: an error that nothing catches would vanish in LibreOffice and look like success.

Public Function DhGuarded(ByVal macro As String, ByVal a As Variant) As Variant
    Dim value As Variant
    On Error GoTo Failed
    Select Case UBound(a) - LBound(a) + 1
        Case 0
            value = Application.Run(macro)
        Case 1
            value = Application.Run(macro, a(0))
        Case 2
            value = Application.Run(macro, a(0), a(1))
        Case 3
            value = Application.Run(macro, a(0), a(1), a(2))
        Case Else
            value = Application.Run(macro, a(0), a(1), a(2), a(3))
    End Select
    DhGuarded = Array(0, "", "", value)
    Exit Function
Failed:
    DhGuarded = Array(Err.Number, Err.Description, Err.Source, Empty)
End Function
