Attribute VB_Name = "DhRibbon"
' What the ribbon calls: a button each, and which of the two tabs is seen. Nothing else is done here.
Option Explicit

Private shownRibbon As IRibbonUI

Public Sub DhRibbonLoaded(ribbon As IRibbonUI)
    Set shownRibbon = ribbon
End Sub

' Whatever fails, one tab is there.
Public Sub DhRibbonEnglish(control As IRibbonControl, ByRef returnedVal As Variant)
    On Error Resume Next
    returnedVal = True
    DhHear
    returnedVal = (DhLanguage() <> "zh")
End Sub

Public Sub DhRibbonChinese(control As IRibbonControl, ByRef returnedVal As Variant)
    On Error Resume Next
    returnedVal = False
    DhHear
    returnedVal = (DhLanguage() = "zh")
End Sub

Public Sub DhRibbonClean(control As IRibbonControl)
    DhRunClean
End Sub

Public Sub DhRibbonReview(control As IRibbonControl)
    DhRunReview
End Sub

Public Sub DhRibbonApply(control As IRibbonControl)
    DhRunApply
End Sub

Public Sub DhRibbonUndo(control As IRibbonControl)
    DhRunUndo
End Sub

Public Sub DhRibbonFill(control As IRibbonControl)
    DhRunFill
End Sub

Public Sub DhRibbonPreview(control As IRibbonControl)
    DhRunPreview
End Sub

Public Sub DhRibbonFillAll(control As IRibbonControl)
    DhRunFillAll
End Sub

Public Sub DhRibbonJobs(control As IRibbonControl)
    DhRunJobs
End Sub

Public Sub DhRibbonSettings(control As IRibbonControl)
    DhRunSettings
End Sub

Public Sub DhRibbonHelp(control As IRibbonControl)
    DhRunHelp
End Sub

' Asks for the tabs again, after the language was changed. The ribbon is forgotten when VBA was reset; the right tab
' comes with the next start of Excel then.
Public Sub DhRefreshRibbon()
    On Error Resume Next
    If Not shownRibbon Is Nothing Then shownRibbon.Invalidate
End Sub
