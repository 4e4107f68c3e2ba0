@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


echo:Running on %COMPUTERNAME%...
echo:Running on %COMPUTERNAME% via runner host...
set NAME=it's a $value^


set "PLACE=%CD%/here"
if not exist "\builds\project.tmp" mkdir "\builds\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\builds\project.tmp\KEY"
>>"\builds\project.tmp\KEY" <nul set /p =the secret
type nul >nul
if not exist "\builds\project.tmp\KEY" exit /b 1
set "KEY=\builds\project.tmp\KEY"
set "OLD_KEY=\builds\project.tmp\OLD_KEY"
if not exist "\builds\project.tmp\gitlab_runner_env" goto runner_else_1
goto runner_end_1
:runner_else_1
type nul >nul
if not exist "\builds\project.tmp" mkdir "\builds\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\builds\project.tmp\gitlab_runner_env"
type nul >nul
if not exist "\builds\project.tmp\gitlab_runner_env" exit /b 1
:runner_end_1
for /f "usebackq eol== delims=" %%a in ("\builds\project.tmp\gitlab_runner_env") do set "%%a" >nul 2>nul
type nul >nul
git init ^"$PWD/a b^"
if %errorlevel% neq 0 exit /b %errorlevel%
setlocal
set CI_JOB_TOKEN=secret
helper artifacts-uploader
endlocal
if %errorlevel% neq 0 exit /b %errorlevel%
git "config" "include.path" "%PLACE%"
if %errorlevel% neq 0 exit /b %errorlevel%
if not exist "\builds\project.tmp" mkdir "\builds\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\builds\project.tmp\gitlab_runner_input"
>>"\builds\project.tmp\gitlab_runner_input" <nul set /p =url=https://example.com^

^


type nul >nul
if not exist "\builds\project.tmp\gitlab_runner_input" exit /b 1
git credential reject <"\builds\project.tmp\gitlab_runner_input"
set _runner_code=%errorlevel%
del /f /q "\builds\project.tmp\gitlab_runner_input"
type nul >nul
if not exist "\a\*" goto runner_else_2
if not exist "\a\b" mkdir "\a\b"
if %errorlevel% neq 0 exit /b %errorlevel%
goto runner_end_2
:runner_else_2
type nul >nul
if not exist "%CD%\f" goto runner_else_3
if exist "%CD%\f" del /f /q "%CD%\f"
if %errorlevel% neq 0 exit /b %errorlevel%
:runner_else_3
type nul >nul
type "\r" >nul 2>nul
if %errorlevel% neq 0 goto runner_else_4
:runner_else_4
type nul >nul
if 1==1 goto runner_else_5
:runner_else_5
type nul >nul
:runner_end_2
git lfs version >nul 2>nul
if %errorlevel% neq 0 goto runner_else_6
:runner_else_6
type nul >nul
helper ^"a b^"
if %errorlevel% neq 0 goto runner_else_7
:runner_else_7
type nul >nul
helper "%NAME%"
if %errorlevel% neq 0 goto runner_else_8
:runner_else_8
type nul >nul
set /a _runner_1=0, _runner_2=0, _runner_3=0
for /f "tokens=3-5 delims=.- " %%a in ('git version 2^>nul') do set /a _runner_1=%%a+0, _runner_2=%%b+0, _runner_3=%%c+0
set _runner_old=1
if %_runner_1% gtr 2 set _runner_old=0
if %_runner_1% equ 2 if %_runner_2% gtr 49 set _runner_old=0
if %_runner_1% equ 2 if %_runner_2% equ 49 if %_runner_3% geq 0 set _runner_old=0
if %_runner_old% equ 1 goto runner_else_9
echo:Git version at least ^"2.49^"
:runner_else_9
type nul >nul
cd /d "\builds\project"
if %errorlevel% neq 0 exit /b %errorlevel%
if not exist "\builds\project.tmp\git-template" mkdir "\builds\project.tmp\git-template"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\old" rd /s /q "\old"
if exist "\old" exit /b 1
if not exist "\builds\project\.git\refs\*" goto runner_else_10
del /s /f /q "\builds\project\.git\refs\*.lock" >nul 2>nul
:runner_else_10
type nul >nul
if not exist "\builds\project\.git\modules\*" goto runner_else_11
for /f "delims=" %%d in ('dir /s /b /ad "\builds\project\.git\modules\hooks" 2^>nul') do if exist "%%d\" rd /s /q "%%d"
:runner_else_11
type nul >nul
type nul >"\conf"
>>"\conf" <nul set /p =[a]^

	b = c^


type nul >nul
if not exist "\conf" exit /b 1
>>"\conf" echo:	d = e
type nul >nul
if not exist "\conf" exit /b 1
echo:[0;mplain
echo:[32;1mnotice[0;m
echo:[0;33mwarning[0;m
echo:[31;1merror[0;m
echo:
>>"\conf" <nul set /p =[credential ^"https://example.com^"]^

	helper =^

	helper = ^"!f^(^) { [ \^"$1\^" != get ] ^|^| printf 'password=%%s\\n' \^"$CI_JOB_TOKEN\^"; }; f^"^

	username = gitlab-ci-token^


type nul >nul
if not exist "\conf" exit /b 1
if not exist "\builds\project.tmp" mkdir "\builds\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\builds\project.tmp\gitlab_runner_cache_env"
>>"\builds\project.tmp\gitlab_runner_cache_env" <nul set /p =TOKEN=^"a\^"b^"^


type nul >nul
if not exist "\builds\project.tmp\gitlab_runner_cache_env" exit /b 1
setlocal enableDelayedExpansion
echo:[32;1m$ echo one[0;m
echo one
if !errorlevel! neq 0 exit /b !errorlevel!
echo:
echo:[32;1m$ cat ^<^<END # collapsed multi-line command[0;m
cat <<END
two
END
if !errorlevel! neq 0 exit /b !errorlevel!
setlocal disableDelayedExpansion
raw line
exit /b 0
