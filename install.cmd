@echo off
rem Installs Deskhand for whoever double-clicks this file: a Python environment of its own below
rem %LOCALAPPDATA%\Deskhand, the add-in for Excel, and the service at logon. It needs no administrator.
rem
rem For whoever edits this: ASCII only and CR LF at the end of lines (cmd reads the file in the code page of the machine
rem and loses labels otherwise); every path in quotes; no blocks in brackets, since a path may hold brackets itself.
rem What is said in Chinese is said by Deskhand, or stands in docs\install-help.txt.
setlocal EnableExtensions DisableDelayedExpansion
title Deskhand
set "HERE=%~dp0"
set "BASE=%LOCALAPPDATA%\Deskhand"
set "APP=%BASE%\app"
set "RUN=%APP%\Scripts\python.exe"
set "SILENT=%APP%\Scripts\pythonw.exe"

echo.
echo   Deskhand is being installed for you. Please close Excel first.
echo.
if not defined LOCALAPPDATA goto no_folder
if not exist "%HERE%pyproject.toml" goto not_unpacked

echo   [1/4] Looking for Python 3.11 or newer
set "PYTHON="
call :try py -3
if not defined PYTHON call :try py -3.14
if not defined PYTHON call :try py -3.13
if not defined PYTHON call :try py -3.12
if not defined PYTHON call :try py -3.11
if not defined PYTHON call :try python
if not defined PYTHON call :try python3
if not defined PYTHON goto no_python

echo   [2/4] Making a place for Deskhand: "%APP%"
if not exist "%RUN%" goto make_place
"%RUN%" -c "import pip" >nul 2>nul
if "%errorlevel%"=="0" goto fill_place
:make_place
call %PYTHON% -P -m venv --clear "%APP%"
if not "%errorlevel%"=="0" goto no_place

:fill_place
rem Windows cannot replace the files of a service that is running.
if exist "%SILENT%" "%RUN%" -P -m services.cli serve --stop >nul 2>nul
echo   [3/4] Fetching what it needs from the internet. This may take some minutes.
"%RUN%" -P -m pip install --quiet --disable-pip-version-check --upgrade "%HERE%."
if not "%errorlevel%"=="0" goto no_packages

echo   [4/4] Installing the add-in for Excel
echo.
"%RUN%" -P -m services.cli install --start-at-logon
if not "%errorlevel%"=="0" goto no_add_in
start "" "%SILENT%" -P -m services.cli serve
echo.
echo   Done. Start Excel: the tab Deskhand is at the right end of the ribbon.
echo   The guide is "%BASE%\guide.en.txt" (or guide.zh.txt).
echo.
pause
exit /b 0

rem A Python counts if it runs, is new enough, and is not the one of the Microsoft Store, whose files Windows hides from
rem Excel. The "python" that only opens the Store fails here too.
:try
call %* -c "import sys; sys.exit(sys.version_info < (3, 11) or 'windowsapps' in sys.base_prefix.lower())" >nul 2>nul
if "%errorlevel%"=="0" set "PYTHON=%*"
exit /b 0

:not_unpacked
echo   Deskhand's files are not beside install.cmd.
echo   Right-click the zip file, choose "Extract All", and start install.cmd in the new folder.
goto failed

:no_folder
echo   Windows does not say where your programs may keep their files (LOCALAPPDATA is not set).
echo   Ask whoever looks after your machine.
goto failed

:no_python
echo   There is no usable Python on this machine (3.11 or newer, not the one of the Microsoft Store).
echo   Install it from https://www.python.org/downloads/ with its default settings, then start install.cmd again.
goto failed

:no_place
echo   Python could not make the folder "%APP%".
echo   If Deskhand is running, sign out and in again; then start install.cmd again.
goto failed

:no_packages
echo   What Deskhand needs could not be fetched; the lines above say why.
echo   Check the internet connection, sign out and in again if Deskhand is running, and start install.cmd again.
echo   Where a company has a package server of its own, its address belongs into the variable PIP_INDEX_URL.
goto failed

:no_add_in
echo   The add-in is not fully installed; the lines above say what is missing and what to do.
echo   Close Excel, then start install.cmd again.
goto failed

:failed
echo.
if exist "%HERE%docs\install-help.txt" start "" notepad.exe "%HERE%docs\install-help.txt"
pause
exit /b 1
