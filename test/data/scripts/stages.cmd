@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


echo:Running on %COMPUTERNAME%...
if exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" del /f /q "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\work-dir\builds\bench0tok\0\group\project.tmp\masking.db" del /f /q "\work-dir\builds\bench0tok\0\group\project.tmp\masking.db"
if %errorlevel% neq 0 exit /b %errorlevel%
exit /b 0
@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\git-template" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp\git-template"
if %errorlevel% neq 0 exit /b %errorlevel%
set FF_TEST_FEATURE=false
set FF_NETWORK_PER_BUILD=false
set FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY=false
set FF_USE_DIRECT_DOWNLOAD=true
set FF_USE_FASTZIP=true
set FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR=false
set FF_ENABLE_BASH_EXIT_CODE_CHECK=false
set FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY=false
set FF_USE_LEGACY_BASH_EVAL=false
set FF_USE_POWERSHELL_PATH_RESOLVER=false
set FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL=false
set FF_SCRIPT_SECTIONS=false
set FF_ENABLE_JOB_CLEANUP=false
set FF_KUBERNETES_HONOR_ENTRYPOINT=false
set FF_POSIXLY_CORRECT_ESCAPES=false
set FF_RESOLVE_FULL_TLS_CHAIN=false
set FF_DISABLE_POWERSHELL_STDIN=false
set FF_USE_POD_ACTIVE_DEADLINE_SECONDS=true
set FF_USE_ADVANCED_POD_SPEC_CONFIGURATION=false
set FF_SECRET_RESOLVING_FAILS_IF_MISSING=true
set FF_PRINT_POD_EVENTS=false
set FF_USE_GIT_BUNDLE_URIS=true
set FF_USE_GIT_NATIVE_CLONE=false
set FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR=false
set FF_USE_INIT_WITH_DOCKER_EXECUTOR=false
set FF_LOG_IMAGES_CONFIGURED_FOR_JOB=false
set FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO=true
set FF_CLEAN_UP_FAILED_CACHE_EXTRACT=false
set FF_USE_WINDOWS_JOB_OBJECT=false
set FF_TIMESTAMPS=true
set FF_DISABLE_AUTOMATIC_TOKEN_ROTATION=false
set FF_USE_LEGACY_GCS_CACHE_ADAPTER=false
set FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR=false
set FF_USE_LEGACY_S3_CACHE_ADAPTER=false
set FF_GIT_URLS_WITHOUT_TOKENS=false
set FF_WAIT_FOR_POD_TO_BE_REACHABLE=false
set FF_MASK_ALL_DEFAULT_TOKENS=true
set FF_EXPORT_HIGH_CARDINALITY_METRICS=false
set FF_USE_FLEETING_ACQUIRE_HEARTBEATS=false
set FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY=true
set FF_USE_ADAPTIVE_REQUEST_CONCURRENCY=true
set FF_USE_GITALY_CORRELATION_ID=true
set FF_USE_GIT_PROACTIVE_AUTH=false
set FF_HASH_CACHE_KEYS=false
set FF_ENABLE_JOB_INPUTS_INTERPOLATION=true
set FF_USE_JOB_ROUTER=false
set FF_SCRIPT_TO_STEP_MIGRATION=false
set FF_USE_PARALLEL_CACHE_TRANSFER=false
set FF_USE_PARALLEL_ARTIFACT_TRANSFER=false
set FF_CONCRETE=false
set FF_SUSPENDABLE_ENVIRONMENTS=false
set FF_USE_NATIVE_CONTAINER_STOP=false
set CI_RUNNER_SHORT_TOKEN=bench0tok
set CI_BUILDS_DIR=/work-dir/builds
set CI_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project
set CI_CONCURRENT_ID=0
set CI_CONCURRENT_PROJECT_ID=0
set CI_SERVER=yes
set CI_JOB_STATUS=running
set CI_JOB_TIMEOUT=600
set CI_JOB_ID=1001
set CI_JOB_TOKEN=glcbt-64_job-token
set CI_PROJECT_PATH=group/project
set CI_RUNNER_ID=1
set CI_SERVER_HOST=gitlab.example.com
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\FILE" <nul set /p =content^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\FILE" exit /b 1
set "FILE=\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
set TEXT=it's 100%% ^"^" ^& `more` ^^ !
set GIT_SUBMODULE_STRATEGY=recursive
set CI_SHARED_ENVIRONMENT=true
set CI_RUNNER_VERSION=1.2.3
set CI_RUNNER_REVISION=abcdef12
set CI_RUNNER_EXECUTABLE_ARCH=PLATFORM
set RUNNER_TEMP_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project.tmp
set "GITLAB_ENV=\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" goto runner_else_1
goto runner_end_1
:runner_else_1
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" exit /b 1
:runner_end_1
for /f "usebackq eol== delims=" %%a in ("\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env") do set "%%a" >nul 2>nul
type nul >nul
set GIT_TERMINAL_PROMPT=0
set GCM_INTERACTIVE=Never
set "GLR_EXT_GIT_CONFIG_PATH=\work-dir\builds\bench0tok\0\group\project.tmp\.gitlab-runner.ext.conf"
set GIT_LFS_SKIP_SMUDGE=1
if exist "\work-dir\builds\bench0tok\0\group\project\.git\index.lock" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\index.lock"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\work-dir\builds\bench0tok\0\group\project\.git\shallow.lock" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\shallow.lock"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\work-dir\builds\bench0tok\0\group\project\.git\HEAD.lock" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\HEAD.lock"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\work-dir\builds\bench0tok\0\group\project\.git\config.lock" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\config.lock"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\work-dir\builds\bench0tok\0\group\project\.git\hooks\post-checkout" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\hooks\post-checkout"
if %errorlevel% neq 0 exit /b %errorlevel%
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\refs\*" goto runner_else_2
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\refs\*.lock" >nul 2>nul
:runner_else_2
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_3
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\index.lock" >nul 2>nul
:runner_else_3
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_4
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\shallow.lock" >nul 2>nul
:runner_else_4
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_5
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\HEAD.lock" >nul 2>nul
:runner_else_5
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_6
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\config.lock" >nul 2>nul
:runner_else_6
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_7
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\post-checkout" >nul 2>nul
:runner_else_7
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\git-template" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp\git-template"
if %errorlevel% neq 0 exit /b %errorlevel%
echo:[32;1mGitaly correlation ID: correlation-1[0;m
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\.gitlab-runner.ext.conf"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\.gitlab-runner.ext.conf" <nul set /p =[http]^

	extraHeader = X-Gitaly-Correlation-ID: correlation-1^

[transfer]^

	bundleURI = true^

[http ^"https://gitlab.example.com/group/project.git^"]^

	extraHeader = Authorization: Basic Z2l0bGFiLWNpLXRva2VuOmdsY2J0LTY0X2pvYi10b2tlbg==^

[http ^"https://gitlab.example.com^"]^

	extraHeader = Authorization: Basic Z2l0bGFiLWNpLXRva2VuOmdsY2J0LTY0X2pvYi10b2tlbg==^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\.gitlab-runner.ext.conf" exit /b 1
>>"\work-dir\builds\bench0tok\0\group\project.tmp\.gitlab-runner.ext.conf" <nul set /p =[credential ^"https://gitlab.example.com^"]^

	helper =^

	helper = ^"!f^(^) { [ \^"$1\^" != get ] ^|^| printf 'password=%%s\\n' \^"$CI_JOB_TOKEN\^"; }; f^"^

	username = gitlab-ci-token^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\.gitlab-runner.ext.conf" exit /b 1
if 1==1 goto runner_else_8
goto runner_end_8
:runner_else_8
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\git-template\config" goto runner_else_9
git config --file /work-dir/builds/bench0tok/0/group/project.tmp/git-template/config --fixed-value --get include.path /work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf >nul 2>nul
if %errorlevel% neq 0 goto runner_else_10
goto runner_end_10
:runner_else_10
type nul >nul
git config --file /work-dir/builds/bench0tok/0/group/project.tmp/git-template/config init.defaultBranch none
if %errorlevel% neq 0 exit /b %errorlevel%
git config --file /work-dir/builds/bench0tok/0/group/project.tmp/git-template/config fetch.recurseSubmodules false
if %errorlevel% neq 0 exit /b %errorlevel%
git config --file /work-dir/builds/bench0tok/0/group/project.tmp/git-template/config credential.interactive never
if %errorlevel% neq 0 exit /b %errorlevel%
git config --file /work-dir/builds/bench0tok/0/group/project.tmp/git-template/config gc.autoDetach false
if %errorlevel% neq 0 exit /b %errorlevel%
git config --file /work-dir/builds/bench0tok/0/group/project.tmp/git-template/config include.path /work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf
if %errorlevel% neq 0 exit /b %errorlevel%
:runner_end_10
goto runner_end_9
:runner_else_9
type nul >nul
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\git-template\config"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\git-template\config" <nul set /p =[init]^

	defaultBranch = none^

[fetch]^

	recurseSubmodules = false^

[credential]^

	interactive = never^

[gc]^

	autoDetach = false^

[include]^

	path = /work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\git-template\config" exit /b 1
:runner_end_9
:runner_end_8
echo:[32;1mFetching changes with git depth set to 20...[0;m
if not exist "\work-dir\builds\bench0tok\0\group\project\.git" goto runner_else_11
git init /work-dir/builds/bench0tok/0/group/project --template /work-dir/builds/bench0tok/0/group/project.tmp/git-template
if %errorlevel% neq 0 exit /b %errorlevel%
cd /d "\work-dir\builds\bench0tok\0\group\project"
if %errorlevel% neq 0 exit /b %errorlevel%
if 1==1 goto runner_else_12
if 1==1 goto runner_else_13
goto runner_end_13
:runner_else_13
type nul >nul
git config --replace-all include.path /work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf ^"\.gitlab-runner\.ext\.conf$^"
if %errorlevel% neq 0 exit /b %errorlevel%
:runner_end_13
goto runner_end_12
:runner_else_12
type nul >nul
git remote add origin https://gitlab.example.com/group/project.git >nul 2>nul
if %errorlevel% neq 0 goto runner_else_14
echo:[32;1mCreated fresh repository.[0;m
goto runner_end_14
:runner_else_14
type nul >nul
git remote set-url origin https://gitlab.example.com/group/project.git
if %errorlevel% neq 0 exit /b %errorlevel%
git config --replace-all include.path /work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf ^"\.gitlab-runner\.ext\.conf$^"
if %errorlevel% neq 0 exit /b %errorlevel%
:runner_end_14
:runner_end_12
goto runner_end_11
:runner_else_11
type nul >nul
git init /work-dir/builds/bench0tok/0/group/project --template /work-dir/builds/bench0tok/0/group/project.tmp/git-template
if %errorlevel% neq 0 exit /b %errorlevel%
cd /d "\work-dir\builds\bench0tok\0\group\project"
if %errorlevel% neq 0 exit /b %errorlevel%
if not exist ".git\config" goto runner_else_15
if 1==1 goto runner_else_16
git remote add origin https://gitlab.example.com/group/project.git >nul 2>nul
if %errorlevel% neq 0 goto runner_else_17
echo:[32;1mCreated fresh repository.[0;m
goto runner_end_17
:runner_else_17
type nul >nul
git remote set-url origin https://gitlab.example.com/group/project.git
if %errorlevel% neq 0 exit /b %errorlevel%
git config --replace-all include.path /work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf ^"\.gitlab-runner\.ext\.conf$^"
if %errorlevel% neq 0 exit /b %errorlevel%
:runner_end_17
goto runner_end_16
:runner_else_16
type nul >nul
>>".git\config" <nul set /p =[remote ^"origin^"]^

	url = https://gitlab.example.com/group/project.git^

	fetch = +refs/heads/*:refs/remotes/origin/*^


type nul >nul
if not exist ".git\config" exit /b 1
echo:[32;1mCreated fresh repository.[0;m
:runner_end_16
goto runner_end_15
:runner_else_15
type nul >nul
git remote add origin https://gitlab.example.com/group/project.git >nul 2>nul
if %errorlevel% neq 0 goto runner_else_18
echo:[32;1mCreated fresh repository.[0;m
goto runner_end_18
:runner_else_18
type nul >nul
git remote set-url origin https://gitlab.example.com/group/project.git
if %errorlevel% neq 0 exit /b %errorlevel%
git config --replace-all include.path /work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf ^"\.gitlab-runner\.ext\.conf$^"
if %errorlevel% neq 0 exit /b %errorlevel%
:runner_end_18
:runner_end_15
:runner_end_11
git -c ^"http.userAgent=corunner 1.2.3 PLATFORM^" fetch origin --no-recurse-submodules +refs/pipelines/77:refs/pipelines/77 --depth 20 --prune --quiet
if %errorlevel% neq 0 exit /b %errorlevel%
echo:[32;1mChecking out 4f3c2b1a as detached HEAD ^(ref is main^)...[0;m
git -c ^"submodule.recurse=false^" checkout -f -q 4f3c2b1a0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a
if %errorlevel% neq 0 exit /b %errorlevel%
git clean -ffdx
if %errorlevel% neq 0 exit /b %errorlevel%
git lfs version >nul 2>nul
if %errorlevel% neq 0 goto runner_else_19
git lfs pull
if %errorlevel% neq 0 exit /b %errorlevel%
echo:
:runner_else_19
type nul >nul
echo:[32;1mUpdating/initializing submodules recursively with git depth set to 20...[0;m
git submodule init
if %errorlevel% neq 0 exit /b %errorlevel%
git submodule sync --recursive
if %errorlevel% neq 0 exit /b %errorlevel%
git submodule foreach --recursive git clean -ffdx
if %errorlevel% neq 0 exit /b %errorlevel%
git submodule foreach --recursive git reset --hard
if %errorlevel% neq 0 exit /b %errorlevel%
git -c ^"include.path=/work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf^" submodule update --init --recursive --depth 20
if %errorlevel% neq 0 goto runner_else_20
echo:[32;1mUpdated submodules[0;m
git submodule sync --recursive
if %errorlevel% neq 0 exit /b %errorlevel%
goto runner_end_20
:runner_else_20
type nul >nul
echo:[0;33mUpdating submodules failed. Retrying...[0;m
git submodule sync --recursive
if %errorlevel% neq 0 exit /b %errorlevel%
git -c ^"include.path=/work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf^" submodule update --init --recursive --depth 20
if %errorlevel% neq 0 exit /b %errorlevel%
git submodule foreach --recursive git reset --hard
if %errorlevel% neq 0 exit /b %errorlevel%
:runner_end_20
git submodule foreach --recursive git clean -ffdx
if %errorlevel% neq 0 exit /b %errorlevel%
echo:[32;1mConfiguring submodules to use parent git credentials...[0;m
git submodule foreach --recursive git config --replace-all include.path /work-dir/builds/bench0tok/0/group/project.tmp/.gitlab-runner.ext.conf
if %errorlevel% neq 0 exit /b %errorlevel%
git lfs version >nul 2>nul
if %errorlevel% neq 0 goto runner_else_21
echo:[32;1mPulling LFS files...[0;m
git submodule foreach --recursive git lfs pull
if %errorlevel% neq 0 exit /b %errorlevel%
:runner_else_21
type nul >nul
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\.gitlab-runner.ext.conf"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\.gitlab-runner.ext.conf" <nul set /p =[http]^

	extraHeader = X-Gitaly-Correlation-ID: correlation-1^

[transfer]^

	bundleURI = true^

[url ^"https://gitlab-ci-token:glcbt-64_job-token@gitlab.example.com/group/project.git^"]^

	insteadOf = https://gitlab.example.com/group/project.git^

[url ^"https://gitlab-ci-token:glcbt-64_job-token@gitlab.example.com^"]^

	insteadOf = https://gitlab.example.com^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\.gitlab-runner.ext.conf" exit /b 1
exit /b 0
@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


echo:[32;1mDeleting tracked and untracked files...[0;m
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\*" goto runner_else_1
cd /d "\work-dir\builds\bench0tok\0\group\project"
if %errorlevel% neq 0 exit /b %errorlevel%
git rm -r -f -q --ignore-unmatch .
if %errorlevel% neq 0 exit /b %errorlevel%
git clean -ffdxq
if %errorlevel% neq 0 exit /b %errorlevel%
:runner_else_1
type nul >nul
exit /b 0
@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


set FF_TEST_FEATURE=false
set FF_NETWORK_PER_BUILD=false
set FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY=false
set FF_USE_DIRECT_DOWNLOAD=true
set FF_USE_FASTZIP=true
set FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR=false
set FF_ENABLE_BASH_EXIT_CODE_CHECK=false
set FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY=false
set FF_USE_LEGACY_BASH_EVAL=false
set FF_USE_POWERSHELL_PATH_RESOLVER=false
set FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL=false
set FF_SCRIPT_SECTIONS=false
set FF_ENABLE_JOB_CLEANUP=false
set FF_KUBERNETES_HONOR_ENTRYPOINT=false
set FF_POSIXLY_CORRECT_ESCAPES=false
set FF_RESOLVE_FULL_TLS_CHAIN=false
set FF_DISABLE_POWERSHELL_STDIN=false
set FF_USE_POD_ACTIVE_DEADLINE_SECONDS=true
set FF_USE_ADVANCED_POD_SPEC_CONFIGURATION=false
set FF_SECRET_RESOLVING_FAILS_IF_MISSING=true
set FF_PRINT_POD_EVENTS=false
set FF_USE_GIT_BUNDLE_URIS=true
set FF_USE_GIT_NATIVE_CLONE=false
set FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR=false
set FF_USE_INIT_WITH_DOCKER_EXECUTOR=false
set FF_LOG_IMAGES_CONFIGURED_FOR_JOB=false
set FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO=true
set FF_CLEAN_UP_FAILED_CACHE_EXTRACT=false
set FF_USE_WINDOWS_JOB_OBJECT=false
set FF_TIMESTAMPS=true
set FF_DISABLE_AUTOMATIC_TOKEN_ROTATION=false
set FF_USE_LEGACY_GCS_CACHE_ADAPTER=false
set FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR=false
set FF_USE_LEGACY_S3_CACHE_ADAPTER=false
set FF_GIT_URLS_WITHOUT_TOKENS=false
set FF_WAIT_FOR_POD_TO_BE_REACHABLE=false
set FF_MASK_ALL_DEFAULT_TOKENS=true
set FF_EXPORT_HIGH_CARDINALITY_METRICS=false
set FF_USE_FLEETING_ACQUIRE_HEARTBEATS=false
set FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY=true
set FF_USE_ADAPTIVE_REQUEST_CONCURRENCY=true
set FF_USE_GITALY_CORRELATION_ID=true
set FF_USE_GIT_PROACTIVE_AUTH=false
set FF_HASH_CACHE_KEYS=false
set FF_ENABLE_JOB_INPUTS_INTERPOLATION=true
set FF_USE_JOB_ROUTER=false
set FF_SCRIPT_TO_STEP_MIGRATION=false
set FF_USE_PARALLEL_CACHE_TRANSFER=false
set FF_USE_PARALLEL_ARTIFACT_TRANSFER=false
set FF_CONCRETE=false
set FF_SUSPENDABLE_ENVIRONMENTS=false
set FF_USE_NATIVE_CONTAINER_STOP=false
set CI_RUNNER_SHORT_TOKEN=bench0tok
set CI_BUILDS_DIR=/work-dir/builds
set CI_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project
set CI_CONCURRENT_ID=0
set CI_CONCURRENT_PROJECT_ID=0
set CI_SERVER=yes
set CI_JOB_STATUS=running
set CI_JOB_TIMEOUT=600
set CI_JOB_ID=1001
set CI_JOB_TOKEN=glcbt-64_job-token
set CI_PROJECT_PATH=group/project
set CI_RUNNER_ID=1
set CI_SERVER_HOST=gitlab.example.com
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\FILE" <nul set /p =content^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\FILE" exit /b 1
set "FILE=\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
set TEXT=it's 100%% ^"^" ^& `more` ^^ !
set GIT_SUBMODULE_STRATEGY=recursive
set CI_SHARED_ENVIRONMENT=true
set CI_RUNNER_VERSION=1.2.3
set CI_RUNNER_REVISION=abcdef12
set CI_RUNNER_EXECUTABLE_ARCH=PLATFORM
set RUNNER_TEMP_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project.tmp
set "GITLAB_ENV=\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" goto runner_else_1
goto runner_end_1
:runner_else_1
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" exit /b 1
:runner_end_1
for /f "usebackq eol== delims=" %%a in ("\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env") do set "%%a" >nul 2>nul
type nul >nul
cd /d "\work-dir\builds\bench0tok\0\group\project"
if %errorlevel% neq 0 exit /b %errorlevel%
if not exist "\usr\bin\corunner" goto runner_else_2
echo:[32;1mChecking cache for a b...[0;m
"\usr\bin\corunner" cache-extractor --file ^"../../../../../cache/group/project/a b/cache.zip^" --timeout 10
if %errorlevel% neq 0 goto runner_else_3
echo:[32;1mSuccessfully extracted cache[0;m
goto runner_end_3
:runner_else_3
type nul >nul
echo:[0;33mFailed to extract cache[0;m
echo:[32;1mChecking cache for other...[0;m
"\usr\bin\corunner" cache-extractor --file ../../../../../cache/group/project/other/cache.zip --timeout 10
if %errorlevel% neq 0 goto runner_else_4
echo:[32;1mSuccessfully extracted cache[0;m
goto runner_end_4
:runner_else_4
type nul >nul
echo:[0;33mFailed to extract cache[0;m
:runner_end_4
:runner_end_3
goto runner_end_2
:runner_else_2
type nul >nul
echo:[0;33mMissing /usr/bin/corunner. Extracting cache is disabled.[0;m
:runner_end_2
exit /b 0
@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


set FF_TEST_FEATURE=false
set FF_NETWORK_PER_BUILD=false
set FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY=false
set FF_USE_DIRECT_DOWNLOAD=true
set FF_USE_FASTZIP=true
set FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR=false
set FF_ENABLE_BASH_EXIT_CODE_CHECK=false
set FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY=false
set FF_USE_LEGACY_BASH_EVAL=false
set FF_USE_POWERSHELL_PATH_RESOLVER=false
set FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL=false
set FF_SCRIPT_SECTIONS=false
set FF_ENABLE_JOB_CLEANUP=false
set FF_KUBERNETES_HONOR_ENTRYPOINT=false
set FF_POSIXLY_CORRECT_ESCAPES=false
set FF_RESOLVE_FULL_TLS_CHAIN=false
set FF_DISABLE_POWERSHELL_STDIN=false
set FF_USE_POD_ACTIVE_DEADLINE_SECONDS=true
set FF_USE_ADVANCED_POD_SPEC_CONFIGURATION=false
set FF_SECRET_RESOLVING_FAILS_IF_MISSING=true
set FF_PRINT_POD_EVENTS=false
set FF_USE_GIT_BUNDLE_URIS=true
set FF_USE_GIT_NATIVE_CLONE=false
set FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR=false
set FF_USE_INIT_WITH_DOCKER_EXECUTOR=false
set FF_LOG_IMAGES_CONFIGURED_FOR_JOB=false
set FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO=true
set FF_CLEAN_UP_FAILED_CACHE_EXTRACT=false
set FF_USE_WINDOWS_JOB_OBJECT=false
set FF_TIMESTAMPS=true
set FF_DISABLE_AUTOMATIC_TOKEN_ROTATION=false
set FF_USE_LEGACY_GCS_CACHE_ADAPTER=false
set FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR=false
set FF_USE_LEGACY_S3_CACHE_ADAPTER=false
set FF_GIT_URLS_WITHOUT_TOKENS=false
set FF_WAIT_FOR_POD_TO_BE_REACHABLE=false
set FF_MASK_ALL_DEFAULT_TOKENS=true
set FF_EXPORT_HIGH_CARDINALITY_METRICS=false
set FF_USE_FLEETING_ACQUIRE_HEARTBEATS=false
set FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY=true
set FF_USE_ADAPTIVE_REQUEST_CONCURRENCY=true
set FF_USE_GITALY_CORRELATION_ID=true
set FF_USE_GIT_PROACTIVE_AUTH=false
set FF_HASH_CACHE_KEYS=false
set FF_ENABLE_JOB_INPUTS_INTERPOLATION=true
set FF_USE_JOB_ROUTER=false
set FF_SCRIPT_TO_STEP_MIGRATION=false
set FF_USE_PARALLEL_CACHE_TRANSFER=false
set FF_USE_PARALLEL_ARTIFACT_TRANSFER=false
set FF_CONCRETE=false
set FF_SUSPENDABLE_ENVIRONMENTS=false
set FF_USE_NATIVE_CONTAINER_STOP=false
set CI_RUNNER_SHORT_TOKEN=bench0tok
set CI_BUILDS_DIR=/work-dir/builds
set CI_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project
set CI_CONCURRENT_ID=0
set CI_CONCURRENT_PROJECT_ID=0
set CI_SERVER=yes
set CI_JOB_STATUS=running
set CI_JOB_TIMEOUT=600
set CI_JOB_ID=1001
set CI_JOB_TOKEN=glcbt-64_job-token
set CI_PROJECT_PATH=group/project
set CI_RUNNER_ID=1
set CI_SERVER_HOST=gitlab.example.com
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\FILE" <nul set /p =content^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\FILE" exit /b 1
set "FILE=\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
set TEXT=it's 100%% ^"^" ^& `more` ^^ !
set GIT_SUBMODULE_STRATEGY=recursive
set CI_SHARED_ENVIRONMENT=true
set CI_RUNNER_VERSION=1.2.3
set CI_RUNNER_REVISION=abcdef12
set CI_RUNNER_EXECUTABLE_ARCH=PLATFORM
set RUNNER_TEMP_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project.tmp
set "GITLAB_ENV=\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" goto runner_else_1
goto runner_end_1
:runner_else_1
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" exit /b 1
:runner_end_1
for /f "usebackq eol== delims=" %%a in ("\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env") do set "%%a" >nul 2>nul
type nul >nul
cd /d "\work-dir\builds\bench0tok\0\group\project"
if %errorlevel% neq 0 exit /b %errorlevel%
if not exist "\usr\bin\corunner" goto runner_else_2
echo:[32;1mDownloading artifacts for test 1/2 ^(900^)...[0;m
setlocal
set CI_JOB_TOKEN=dep
set CORUNNER_OUTAGE_TIMEOUT=10m0s
"\usr\bin\corunner" artifacts-downloader --url https://gitlab.example.com --id 900
endlocal
if %errorlevel% neq 0 exit /b %errorlevel%
goto runner_end_2
:runner_else_2
type nul >nul
echo:[0;33mMissing /usr/bin/corunner. Artifacts downloading is disabled.[0;m
:runner_end_2
exit /b 0
@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


set FF_TEST_FEATURE=false
set FF_NETWORK_PER_BUILD=false
set FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY=false
set FF_USE_DIRECT_DOWNLOAD=true
set FF_USE_FASTZIP=true
set FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR=false
set FF_ENABLE_BASH_EXIT_CODE_CHECK=false
set FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY=false
set FF_USE_LEGACY_BASH_EVAL=false
set FF_USE_POWERSHELL_PATH_RESOLVER=false
set FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL=false
set FF_SCRIPT_SECTIONS=false
set FF_ENABLE_JOB_CLEANUP=false
set FF_KUBERNETES_HONOR_ENTRYPOINT=false
set FF_POSIXLY_CORRECT_ESCAPES=false
set FF_RESOLVE_FULL_TLS_CHAIN=false
set FF_DISABLE_POWERSHELL_STDIN=false
set FF_USE_POD_ACTIVE_DEADLINE_SECONDS=true
set FF_USE_ADVANCED_POD_SPEC_CONFIGURATION=false
set FF_SECRET_RESOLVING_FAILS_IF_MISSING=true
set FF_PRINT_POD_EVENTS=false
set FF_USE_GIT_BUNDLE_URIS=true
set FF_USE_GIT_NATIVE_CLONE=false
set FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR=false
set FF_USE_INIT_WITH_DOCKER_EXECUTOR=false
set FF_LOG_IMAGES_CONFIGURED_FOR_JOB=false
set FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO=true
set FF_CLEAN_UP_FAILED_CACHE_EXTRACT=false
set FF_USE_WINDOWS_JOB_OBJECT=false
set FF_TIMESTAMPS=true
set FF_DISABLE_AUTOMATIC_TOKEN_ROTATION=false
set FF_USE_LEGACY_GCS_CACHE_ADAPTER=false
set FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR=false
set FF_USE_LEGACY_S3_CACHE_ADAPTER=false
set FF_GIT_URLS_WITHOUT_TOKENS=false
set FF_WAIT_FOR_POD_TO_BE_REACHABLE=false
set FF_MASK_ALL_DEFAULT_TOKENS=true
set FF_EXPORT_HIGH_CARDINALITY_METRICS=false
set FF_USE_FLEETING_ACQUIRE_HEARTBEATS=false
set FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY=true
set FF_USE_ADAPTIVE_REQUEST_CONCURRENCY=true
set FF_USE_GITALY_CORRELATION_ID=true
set FF_USE_GIT_PROACTIVE_AUTH=false
set FF_HASH_CACHE_KEYS=false
set FF_ENABLE_JOB_INPUTS_INTERPOLATION=true
set FF_USE_JOB_ROUTER=false
set FF_SCRIPT_TO_STEP_MIGRATION=false
set FF_USE_PARALLEL_CACHE_TRANSFER=false
set FF_USE_PARALLEL_ARTIFACT_TRANSFER=false
set FF_CONCRETE=false
set FF_SUSPENDABLE_ENVIRONMENTS=false
set FF_USE_NATIVE_CONTAINER_STOP=false
set CI_RUNNER_SHORT_TOKEN=bench0tok
set CI_BUILDS_DIR=/work-dir/builds
set CI_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project
set CI_CONCURRENT_ID=0
set CI_CONCURRENT_PROJECT_ID=0
set CI_SERVER=yes
set CI_JOB_STATUS=running
set CI_JOB_TIMEOUT=600
set CI_JOB_ID=1001
set CI_JOB_TOKEN=glcbt-64_job-token
set CI_PROJECT_PATH=group/project
set CI_RUNNER_ID=1
set CI_SERVER_HOST=gitlab.example.com
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\FILE" <nul set /p =content^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\FILE" exit /b 1
set "FILE=\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
set TEXT=it's 100%% ^"^" ^& `more` ^^ !
set GIT_SUBMODULE_STRATEGY=recursive
set CI_SHARED_ENVIRONMENT=true
set CI_RUNNER_VERSION=1.2.3
set CI_RUNNER_REVISION=abcdef12
set CI_RUNNER_EXECUTABLE_ARCH=PLATFORM
set RUNNER_TEMP_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project.tmp
set "GITLAB_ENV=\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" goto runner_else_1
goto runner_end_1
:runner_else_1
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" exit /b 1
:runner_end_1
for /f "usebackq eol== delims=" %%a in ("\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env") do set "%%a" >nul 2>nul
type nul >nul
cd /d "\work-dir\builds\bench0tok\0\group\project"
if %errorlevel% neq 0 exit /b %errorlevel%
setlocal enableDelayedExpansion
echo:[32;1m$ echo one[0;m
echo one
if !errorlevel! neq 0 exit /b !errorlevel!
echo:[32;1m$ echo two # collapsed multi-line command[0;m
echo two
echo three
if !errorlevel! neq 0 exit /b !errorlevel!
setlocal disableDelayedExpansion
exit /b 0
@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


set FF_TEST_FEATURE=false
set FF_NETWORK_PER_BUILD=false
set FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY=false
set FF_USE_DIRECT_DOWNLOAD=true
set FF_USE_FASTZIP=true
set FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR=false
set FF_ENABLE_BASH_EXIT_CODE_CHECK=false
set FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY=false
set FF_USE_LEGACY_BASH_EVAL=false
set FF_USE_POWERSHELL_PATH_RESOLVER=false
set FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL=false
set FF_SCRIPT_SECTIONS=false
set FF_ENABLE_JOB_CLEANUP=false
set FF_KUBERNETES_HONOR_ENTRYPOINT=false
set FF_POSIXLY_CORRECT_ESCAPES=false
set FF_RESOLVE_FULL_TLS_CHAIN=false
set FF_DISABLE_POWERSHELL_STDIN=false
set FF_USE_POD_ACTIVE_DEADLINE_SECONDS=true
set FF_USE_ADVANCED_POD_SPEC_CONFIGURATION=false
set FF_SECRET_RESOLVING_FAILS_IF_MISSING=true
set FF_PRINT_POD_EVENTS=false
set FF_USE_GIT_BUNDLE_URIS=true
set FF_USE_GIT_NATIVE_CLONE=false
set FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR=false
set FF_USE_INIT_WITH_DOCKER_EXECUTOR=false
set FF_LOG_IMAGES_CONFIGURED_FOR_JOB=false
set FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO=true
set FF_CLEAN_UP_FAILED_CACHE_EXTRACT=false
set FF_USE_WINDOWS_JOB_OBJECT=false
set FF_TIMESTAMPS=true
set FF_DISABLE_AUTOMATIC_TOKEN_ROTATION=false
set FF_USE_LEGACY_GCS_CACHE_ADAPTER=false
set FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR=false
set FF_USE_LEGACY_S3_CACHE_ADAPTER=false
set FF_GIT_URLS_WITHOUT_TOKENS=false
set FF_WAIT_FOR_POD_TO_BE_REACHABLE=false
set FF_MASK_ALL_DEFAULT_TOKENS=true
set FF_EXPORT_HIGH_CARDINALITY_METRICS=false
set FF_USE_FLEETING_ACQUIRE_HEARTBEATS=false
set FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY=true
set FF_USE_ADAPTIVE_REQUEST_CONCURRENCY=true
set FF_USE_GITALY_CORRELATION_ID=true
set FF_USE_GIT_PROACTIVE_AUTH=false
set FF_HASH_CACHE_KEYS=false
set FF_ENABLE_JOB_INPUTS_INTERPOLATION=true
set FF_USE_JOB_ROUTER=false
set FF_SCRIPT_TO_STEP_MIGRATION=false
set FF_USE_PARALLEL_CACHE_TRANSFER=false
set FF_USE_PARALLEL_ARTIFACT_TRANSFER=false
set FF_CONCRETE=false
set FF_SUSPENDABLE_ENVIRONMENTS=false
set FF_USE_NATIVE_CONTAINER_STOP=false
set CI_RUNNER_SHORT_TOKEN=bench0tok
set CI_BUILDS_DIR=/work-dir/builds
set CI_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project
set CI_CONCURRENT_ID=0
set CI_CONCURRENT_PROJECT_ID=0
set CI_SERVER=yes
set CI_JOB_STATUS=running
set CI_JOB_TIMEOUT=600
set CI_JOB_ID=1001
set CI_JOB_TOKEN=glcbt-64_job-token
set CI_PROJECT_PATH=group/project
set CI_RUNNER_ID=1
set CI_SERVER_HOST=gitlab.example.com
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\FILE" <nul set /p =content^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\FILE" exit /b 1
set "FILE=\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
set TEXT=it's 100%% ^"^" ^& `more` ^^ !
set GIT_SUBMODULE_STRATEGY=recursive
set CI_SHARED_ENVIRONMENT=true
set CI_RUNNER_VERSION=1.2.3
set CI_RUNNER_REVISION=abcdef12
set CI_RUNNER_EXECUTABLE_ARCH=PLATFORM
set RUNNER_TEMP_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project.tmp
set "GITLAB_ENV=\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" goto runner_else_1
goto runner_end_1
:runner_else_1
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" exit /b 1
:runner_end_1
for /f "usebackq eol== delims=" %%a in ("\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env") do set "%%a" >nul 2>nul
type nul >nul
cd /d "\work-dir\builds\bench0tok\0\group\project"
if %errorlevel% neq 0 exit /b %errorlevel%
echo:[32;1mRunning after script...[0;m
setlocal enableDelayedExpansion
echo:[32;1m$ echo after[0;m
echo after
if !errorlevel! neq 0 exit /b !errorlevel!
setlocal disableDelayedExpansion
exit /b 0
@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


set FF_TEST_FEATURE=false
set FF_NETWORK_PER_BUILD=false
set FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY=false
set FF_USE_DIRECT_DOWNLOAD=true
set FF_USE_FASTZIP=true
set FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR=false
set FF_ENABLE_BASH_EXIT_CODE_CHECK=false
set FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY=false
set FF_USE_LEGACY_BASH_EVAL=false
set FF_USE_POWERSHELL_PATH_RESOLVER=false
set FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL=false
set FF_SCRIPT_SECTIONS=false
set FF_ENABLE_JOB_CLEANUP=false
set FF_KUBERNETES_HONOR_ENTRYPOINT=false
set FF_POSIXLY_CORRECT_ESCAPES=false
set FF_RESOLVE_FULL_TLS_CHAIN=false
set FF_DISABLE_POWERSHELL_STDIN=false
set FF_USE_POD_ACTIVE_DEADLINE_SECONDS=true
set FF_USE_ADVANCED_POD_SPEC_CONFIGURATION=false
set FF_SECRET_RESOLVING_FAILS_IF_MISSING=true
set FF_PRINT_POD_EVENTS=false
set FF_USE_GIT_BUNDLE_URIS=true
set FF_USE_GIT_NATIVE_CLONE=false
set FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR=false
set FF_USE_INIT_WITH_DOCKER_EXECUTOR=false
set FF_LOG_IMAGES_CONFIGURED_FOR_JOB=false
set FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO=true
set FF_CLEAN_UP_FAILED_CACHE_EXTRACT=false
set FF_USE_WINDOWS_JOB_OBJECT=false
set FF_TIMESTAMPS=true
set FF_DISABLE_AUTOMATIC_TOKEN_ROTATION=false
set FF_USE_LEGACY_GCS_CACHE_ADAPTER=false
set FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR=false
set FF_USE_LEGACY_S3_CACHE_ADAPTER=false
set FF_GIT_URLS_WITHOUT_TOKENS=false
set FF_WAIT_FOR_POD_TO_BE_REACHABLE=false
set FF_MASK_ALL_DEFAULT_TOKENS=true
set FF_EXPORT_HIGH_CARDINALITY_METRICS=false
set FF_USE_FLEETING_ACQUIRE_HEARTBEATS=false
set FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY=true
set FF_USE_ADAPTIVE_REQUEST_CONCURRENCY=true
set FF_USE_GITALY_CORRELATION_ID=true
set FF_USE_GIT_PROACTIVE_AUTH=false
set FF_HASH_CACHE_KEYS=false
set FF_ENABLE_JOB_INPUTS_INTERPOLATION=true
set FF_USE_JOB_ROUTER=false
set FF_SCRIPT_TO_STEP_MIGRATION=false
set FF_USE_PARALLEL_CACHE_TRANSFER=false
set FF_USE_PARALLEL_ARTIFACT_TRANSFER=false
set FF_CONCRETE=false
set FF_SUSPENDABLE_ENVIRONMENTS=false
set FF_USE_NATIVE_CONTAINER_STOP=false
set CI_RUNNER_SHORT_TOKEN=bench0tok
set CI_BUILDS_DIR=/work-dir/builds
set CI_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project
set CI_CONCURRENT_ID=0
set CI_CONCURRENT_PROJECT_ID=0
set CI_SERVER=yes
set CI_JOB_STATUS=running
set CI_JOB_TIMEOUT=600
set CI_JOB_ID=1001
set CI_JOB_TOKEN=glcbt-64_job-token
set CI_PROJECT_PATH=group/project
set CI_RUNNER_ID=1
set CI_SERVER_HOST=gitlab.example.com
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\FILE" <nul set /p =content^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\FILE" exit /b 1
set "FILE=\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
set TEXT=it's 100%% ^"^" ^& `more` ^^ !
set GIT_SUBMODULE_STRATEGY=recursive
set CI_SHARED_ENVIRONMENT=true
set CI_RUNNER_VERSION=1.2.3
set CI_RUNNER_REVISION=abcdef12
set CI_RUNNER_EXECUTABLE_ARCH=PLATFORM
set RUNNER_TEMP_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project.tmp
set "GITLAB_ENV=\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" goto runner_else_1
goto runner_end_1
:runner_else_1
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" exit /b 1
:runner_end_1
for /f "usebackq eol== delims=" %%a in ("\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env") do set "%%a" >nul 2>nul
type nul >nul
cd /d "\work-dir\builds\bench0tok\0\group\project"
if %errorlevel% neq 0 exit /b %errorlevel%
if not exist "\usr\bin\corunner" goto runner_else_2
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_cache_env"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_cache_env" <nul set /p =CACHE_METADATA=^"{\^"cachekey\^":\^"a b\^"}^"^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_cache_env" exit /b 1
echo:[32;1mCreating cache a b...[0;m
"\usr\bin\corunner" cache-archiver --file ^"../../../../../cache/group/project/a b/cache.zip^" --alternate-file ../../../../../cache/group/project/c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65/cache.zip --timeout 10 --path x --path ^"y z^" --env-file /work-dir/builds/bench0tok/0/group/project.tmp/gitlab_runner_cache_env
if %errorlevel% neq 0 goto runner_else_3
echo:[32;1mCreated cache[0;m
goto runner_end_3
:runner_else_3
type nul >nul
echo:[0;33mFailed to create cache[0;m
:runner_end_3
if exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_cache_env" del /f /q "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_cache_env"
if %errorlevel% neq 0 exit /b %errorlevel%
goto runner_end_2
:runner_else_2
type nul >nul
echo:[0;33mMissing /usr/bin/corunner. Creating cache is disabled.[0;m
:runner_end_2
exit /b 0
@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


set FF_TEST_FEATURE=false
set FF_NETWORK_PER_BUILD=false
set FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY=false
set FF_USE_DIRECT_DOWNLOAD=true
set FF_USE_FASTZIP=true
set FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR=false
set FF_ENABLE_BASH_EXIT_CODE_CHECK=false
set FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY=false
set FF_USE_LEGACY_BASH_EVAL=false
set FF_USE_POWERSHELL_PATH_RESOLVER=false
set FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL=false
set FF_SCRIPT_SECTIONS=false
set FF_ENABLE_JOB_CLEANUP=false
set FF_KUBERNETES_HONOR_ENTRYPOINT=false
set FF_POSIXLY_CORRECT_ESCAPES=false
set FF_RESOLVE_FULL_TLS_CHAIN=false
set FF_DISABLE_POWERSHELL_STDIN=false
set FF_USE_POD_ACTIVE_DEADLINE_SECONDS=true
set FF_USE_ADVANCED_POD_SPEC_CONFIGURATION=false
set FF_SECRET_RESOLVING_FAILS_IF_MISSING=true
set FF_PRINT_POD_EVENTS=false
set FF_USE_GIT_BUNDLE_URIS=true
set FF_USE_GIT_NATIVE_CLONE=false
set FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR=false
set FF_USE_INIT_WITH_DOCKER_EXECUTOR=false
set FF_LOG_IMAGES_CONFIGURED_FOR_JOB=false
set FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO=true
set FF_CLEAN_UP_FAILED_CACHE_EXTRACT=false
set FF_USE_WINDOWS_JOB_OBJECT=false
set FF_TIMESTAMPS=true
set FF_DISABLE_AUTOMATIC_TOKEN_ROTATION=false
set FF_USE_LEGACY_GCS_CACHE_ADAPTER=false
set FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR=false
set FF_USE_LEGACY_S3_CACHE_ADAPTER=false
set FF_GIT_URLS_WITHOUT_TOKENS=false
set FF_WAIT_FOR_POD_TO_BE_REACHABLE=false
set FF_MASK_ALL_DEFAULT_TOKENS=true
set FF_EXPORT_HIGH_CARDINALITY_METRICS=false
set FF_USE_FLEETING_ACQUIRE_HEARTBEATS=false
set FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY=true
set FF_USE_ADAPTIVE_REQUEST_CONCURRENCY=true
set FF_USE_GITALY_CORRELATION_ID=true
set FF_USE_GIT_PROACTIVE_AUTH=false
set FF_HASH_CACHE_KEYS=false
set FF_ENABLE_JOB_INPUTS_INTERPOLATION=true
set FF_USE_JOB_ROUTER=false
set FF_SCRIPT_TO_STEP_MIGRATION=false
set FF_USE_PARALLEL_CACHE_TRANSFER=false
set FF_USE_PARALLEL_ARTIFACT_TRANSFER=false
set FF_CONCRETE=false
set FF_SUSPENDABLE_ENVIRONMENTS=false
set FF_USE_NATIVE_CONTAINER_STOP=false
set CI_RUNNER_SHORT_TOKEN=bench0tok
set CI_BUILDS_DIR=/work-dir/builds
set CI_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project
set CI_CONCURRENT_ID=0
set CI_CONCURRENT_PROJECT_ID=0
set CI_SERVER=yes
set CI_JOB_STATUS=running
set CI_JOB_TIMEOUT=600
set CI_JOB_ID=1001
set CI_JOB_TOKEN=glcbt-64_job-token
set CI_PROJECT_PATH=group/project
set CI_RUNNER_ID=1
set CI_SERVER_HOST=gitlab.example.com
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\FILE" <nul set /p =content^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\FILE" exit /b 1
set "FILE=\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
set TEXT=it's 100%% ^"^" ^& `more` ^^ !
set GIT_SUBMODULE_STRATEGY=recursive
set CI_SHARED_ENVIRONMENT=true
set CI_RUNNER_VERSION=1.2.3
set CI_RUNNER_REVISION=abcdef12
set CI_RUNNER_EXECUTABLE_ARCH=PLATFORM
set RUNNER_TEMP_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project.tmp
set "GITLAB_ENV=\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" goto runner_else_1
goto runner_end_1
:runner_else_1
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" exit /b 1
:runner_end_1
for /f "usebackq eol== delims=" %%a in ("\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env") do set "%%a" >nul 2>nul
type nul >nul
cd /d "\work-dir\builds\bench0tok\0\group\project"
if %errorlevel% neq 0 exit /b %errorlevel%
if not exist "\usr\bin\corunner" goto runner_else_2
echo:[32;1mUploading artifacts...[0;m
setlocal
set CI_JOB_TOKEN=glcbt-64_job-token
set CORUNNER_OUTAGE_TIMEOUT=10m0s
"\usr\bin\corunner" artifacts-uploader --url https://gitlab.example.com --id 1001 --timeout 1h0m0s --response-header-timeout 10m0s --path out/ --name ^"$CI_JOB_ID^" --artifact-format zip --artifact-type archive
endlocal
if %errorlevel% neq 0 exit /b %errorlevel%
goto runner_end_2
:runner_else_2
type nul >nul
echo:[0;33mMissing /usr/bin/corunner. Uploading artifacts is disabled.[0;m
:runner_end_2
exit /b 0
@echo off
setlocal enableExtensions disableDelayedExpansion
set nl=^


set FF_TEST_FEATURE=false
set FF_NETWORK_PER_BUILD=false
set FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY=false
set FF_USE_DIRECT_DOWNLOAD=true
set FF_USE_FASTZIP=true
set FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR=false
set FF_ENABLE_BASH_EXIT_CODE_CHECK=false
set FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY=false
set FF_USE_LEGACY_BASH_EVAL=false
set FF_USE_POWERSHELL_PATH_RESOLVER=false
set FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL=false
set FF_SCRIPT_SECTIONS=false
set FF_ENABLE_JOB_CLEANUP=false
set FF_KUBERNETES_HONOR_ENTRYPOINT=false
set FF_POSIXLY_CORRECT_ESCAPES=false
set FF_RESOLVE_FULL_TLS_CHAIN=false
set FF_DISABLE_POWERSHELL_STDIN=false
set FF_USE_POD_ACTIVE_DEADLINE_SECONDS=true
set FF_USE_ADVANCED_POD_SPEC_CONFIGURATION=false
set FF_SECRET_RESOLVING_FAILS_IF_MISSING=true
set FF_PRINT_POD_EVENTS=false
set FF_USE_GIT_BUNDLE_URIS=true
set FF_USE_GIT_NATIVE_CLONE=false
set FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR=false
set FF_USE_INIT_WITH_DOCKER_EXECUTOR=false
set FF_LOG_IMAGES_CONFIGURED_FOR_JOB=false
set FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO=true
set FF_CLEAN_UP_FAILED_CACHE_EXTRACT=false
set FF_USE_WINDOWS_JOB_OBJECT=false
set FF_TIMESTAMPS=true
set FF_DISABLE_AUTOMATIC_TOKEN_ROTATION=false
set FF_USE_LEGACY_GCS_CACHE_ADAPTER=false
set FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR=false
set FF_USE_LEGACY_S3_CACHE_ADAPTER=false
set FF_GIT_URLS_WITHOUT_TOKENS=false
set FF_WAIT_FOR_POD_TO_BE_REACHABLE=false
set FF_MASK_ALL_DEFAULT_TOKENS=true
set FF_EXPORT_HIGH_CARDINALITY_METRICS=false
set FF_USE_FLEETING_ACQUIRE_HEARTBEATS=false
set FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY=true
set FF_USE_ADAPTIVE_REQUEST_CONCURRENCY=true
set FF_USE_GITALY_CORRELATION_ID=true
set FF_USE_GIT_PROACTIVE_AUTH=false
set FF_HASH_CACHE_KEYS=false
set FF_ENABLE_JOB_INPUTS_INTERPOLATION=true
set FF_USE_JOB_ROUTER=false
set FF_SCRIPT_TO_STEP_MIGRATION=false
set FF_USE_PARALLEL_CACHE_TRANSFER=false
set FF_USE_PARALLEL_ARTIFACT_TRANSFER=false
set FF_CONCRETE=false
set FF_SUSPENDABLE_ENVIRONMENTS=false
set FF_USE_NATIVE_CONTAINER_STOP=false
set CI_RUNNER_SHORT_TOKEN=bench0tok
set CI_BUILDS_DIR=/work-dir/builds
set CI_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project
set CI_CONCURRENT_ID=0
set CI_CONCURRENT_PROJECT_ID=0
set CI_SERVER=yes
set CI_JOB_STATUS=running
set CI_JOB_TIMEOUT=600
set CI_JOB_ID=1001
set CI_JOB_TOKEN=glcbt-64_job-token
set CI_PROJECT_PATH=group/project
set CI_RUNNER_ID=1
set CI_SERVER_HOST=gitlab.example.com
set "FILE=\work-dir\builds\bench0tok\0\group\project.tmp\FILE"
set TEXT=it's 100%% ^"^" ^& `more` ^^ !
set GIT_SUBMODULE_STRATEGY=recursive
set CI_SHARED_ENVIRONMENT=true
set CI_RUNNER_VERSION=1.2.3
set CI_RUNNER_REVISION=abcdef12
set CI_RUNNER_EXECUTABLE_ARCH=PLATFORM
set RUNNER_TEMP_PROJECT_DIR=/work-dir/builds/bench0tok/0/group/project.tmp
set "GITLAB_ENV=\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" goto runner_else_1
goto runner_end_1
:runner_else_1
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env"
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env" exit /b 1
:runner_end_1
for /f "usebackq eol== delims=" %%a in ("\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_env") do set "%%a" >nul 2>nul
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp" mkdir "\work-dir\builds\bench0tok\0\group\project.tmp"
if %errorlevel% neq 0 exit /b %errorlevel%
type nul >"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_input"
>>"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_input" <nul set /p =url=https://gitlab.example.com^

username=gitlab-ci-token^

^


type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_input" exit /b 1
git credential reject <"\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_input"
set _runner_code=%errorlevel%
del /f /q "\work-dir\builds\bench0tok\0\group\project.tmp\gitlab_runner_input"
type nul >nul
if exist "\work-dir\builds\bench0tok\0\group\project\.git\index.lock" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\index.lock"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\work-dir\builds\bench0tok\0\group\project\.git\shallow.lock" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\shallow.lock"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\work-dir\builds\bench0tok\0\group\project\.git\HEAD.lock" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\HEAD.lock"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\work-dir\builds\bench0tok\0\group\project\.git\config.lock" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\config.lock"
if %errorlevel% neq 0 exit /b %errorlevel%
if exist "\work-dir\builds\bench0tok\0\group\project\.git\hooks\post-checkout" del /f /q "\work-dir\builds\bench0tok\0\group\project\.git\hooks\post-checkout"
if %errorlevel% neq 0 exit /b %errorlevel%
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\refs\*" goto runner_else_2
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\refs\*.lock" >nul 2>nul
:runner_else_2
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_3
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\index.lock" >nul 2>nul
:runner_else_3
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_4
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\shallow.lock" >nul 2>nul
:runner_else_4
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_5
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\HEAD.lock" >nul 2>nul
:runner_else_5
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_6
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\config.lock" >nul 2>nul
:runner_else_6
type nul >nul
if not exist "\work-dir\builds\bench0tok\0\group\project\.git\modules\*" goto runner_else_7
del /s /f /q "\work-dir\builds\bench0tok\0\group\project\.git\modules\post-checkout" >nul 2>nul
:runner_else_7
type nul >nul
exit /b 0
