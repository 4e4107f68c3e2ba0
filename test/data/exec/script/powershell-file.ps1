echo ("Running on $([Environment]::MachineName)" + "...")
echo ("Running on $([Environment]::MachineName)" + " via runner host...")
${NAME}="it`'s a `$value`n"
${env:NAME}="it`'s a `$value`n"
${PLACE}="$PWD/here"
${env:PLACE}="$PWD/here"
[void][IO.Directory]::CreateDirectory($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/builds/project.tmp"))
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
[IO.File]::WriteAllText($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/builds/project.tmp/KEY"), "the secret", (New-Object System.Text.UTF8Encoding $false))
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
${KEY}="/builds/project.tmp/KEY"
${env:KEY}="/builds/project.tmp/KEY"
${OLD_KEY}="/builds/project.tmp/OLD_KEY"
${env:OLD_KEY}="/builds/project.tmp/OLD_KEY"
if (!(Test-Path -LiteralPath "/builds/project.tmp/gitlab_runner_env")) {
  [void][IO.Directory]::CreateDirectory($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/builds/project.tmp"))
  if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
  [IO.File]::WriteAllText($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/builds/project.tmp/gitlab_runner_env"), "", (New-Object System.Text.UTF8Encoding $false))
  if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
}
$_runner_lines = @()
try { $_runner_lines = [IO.File]::ReadAllLines("/builds/project.tmp/gitlab_runner_env") } catch { echo "[0;33mUnable to read env file: /builds/project.tmp/gitlab_runner_env[0;m" }
foreach ($_runner_line in $_runner_lines) {
  $_runner_name, $_runner_value = $_runner_line.Trim() -split '=', 2
  if ($_runner_name) {
    Set-Item -LiteralPath "env:$_runner_name" -Value "$_runner_value"
    Set-Variable -Name $_runner_name -Value "$_runner_value" -ErrorAction SilentlyContinue
  }
}
& "git" "init" "`$PWD/a b"
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
$_runner_saved_0 = ${env:CI_JOB_TOKEN}
${env:CI_JOB_TOKEN}="secret"
& "helper" "artifacts-uploader"
$_runner_ok = $?
${env:CI_JOB_TOKEN} = $_runner_saved_0
if (!$_runner_ok) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
& "git" "config" "include.path" "$PLACE"
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
try { "url=https://example.com`n" | & "git" "credential" "reject" } catch { }
if (Test-Path -LiteralPath "/a" -PathType Container) {
  [void][IO.Directory]::CreateDirectory($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/a/b"))
  if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
} else {
  if (Test-Path -LiteralPath "$PWD/f") {
    if (Get-Item -LiteralPath "$PWD/f" -Force -ErrorAction SilentlyContinue) {
      Remove-Item -LiteralPath "$PWD/f" -Force
      if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
    }
  }
  if ($(try { [IO.File]::OpenRead($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/r")).Close(); $true } catch { $false })) {
  }
  if ($false) {
  }
}
$_runner_ok = $false
try { & { $ErrorActionPreference = "Continue"; & "git" "lfs" "version" *> $null; if (!$?) { throw "failed" } }; $_runner_ok = $true } catch { }
if ($_runner_ok) {
}
$_runner_ok = $false
try { & { $ErrorActionPreference = "Continue"; & "helper" "a b"; if (!$?) { throw "failed" } }; $_runner_ok = $true } catch { }
if ($_runner_ok) {
}
$_runner_ok = $false
try { & { $ErrorActionPreference = "Continue"; & "helper" "$NAME"; if (!$?) { throw "failed" } }; $_runner_ok = $true } catch { }
if ($_runner_ok) {
}
$_runner_git = try { "$(& "git" "version")" } catch { "" }
if ($_runner_git -match 'version (\d+)\.(\d+)(\.(\d+))?' -and [version]("{0}.{1}.{2}" -f $Matches[1], $Matches[2], [int]$Matches[4]) -ge [version]"2.49.0") {
  echo "Git version at least `"2.49`""
}
Set-Location -LiteralPath "/builds/project"
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
[void][IO.Directory]::CreateDirectory($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/builds/project.tmp/git-template"))
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
if (Test-Path -LiteralPath "/old" -PathType Container) {
  if (Get-Command -Name Remove-Item2 -Module NTFSSecurity -ErrorAction SilentlyContinue) {
    Remove-Item2 -Force -Recurse -Path "/old"
  } else {
    $_runner_tree = @(Get-ChildItem -LiteralPath "/old" -Recurse -Force)
    $_runner_tree | Where-Object { !$_.PSIsContainer -or ($_.Attributes -band [IO.FileAttributes]::ReparsePoint) } | ForEach-Object { Remove-Item -LiteralPath $_.FullName -Force -Recurse:$false -ErrorAction SilentlyContinue }
    $_runner_tree | Where-Object { $_.PSIsContainer -and !($_.Attributes -band [IO.FileAttributes]::ReparsePoint) } | Sort-Object -Property { $_.FullName.Length } -Descending | ForEach-Object { Remove-Item -LiteralPath $_.FullName -Force -ErrorAction SilentlyContinue }
    Remove-Item -LiteralPath "/old" -Force -Recurse
  }
  if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
}
if (Test-Path -LiteralPath "/builds/project/.git/refs" -PathType Container) {
  @(Get-ChildItem -LiteralPath "/builds/project/.git/refs" -Recurse -Force -File | Where-Object { $_.Name -like "*.lock" } | Sort-Object -Property { $_.FullName.Length } -Descending) | ForEach-Object { Remove-Item -LiteralPath $_.FullName -Force -Recurse }
  if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
}
if (Test-Path -LiteralPath "/builds/project/.git/modules" -PathType Container) {
  @(Get-ChildItem -LiteralPath "/builds/project/.git/modules" -Recurse -Force -Directory | Where-Object { $_.Name -like "hooks" } | Sort-Object -Property { $_.FullName.Length } -Descending) | ForEach-Object { Remove-Item -LiteralPath $_.FullName -Force -Recurse }
  if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
}
[IO.File]::WriteAllText($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/conf"), "[a]`n`tb = c`n", (New-Object System.Text.UTF8Encoding $false))
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
[IO.File]::AppendAllText($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/conf"), "`td = e`n", (New-Object System.Text.UTF8Encoding $false))
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
if (Test-Path -LiteralPath "/builds/.gitlab-build-uid-gid") {
  & "chown" "-R" "$(& "stat" "-c" "%u:%g" "/builds/.gitlab-build-uid-gid")" "/builds"
  if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
}
echo "[0;mplain"
echo "[32;1mnotice[0;m"
echo "[0;33mwarning[0;m"
echo "[31;1merror[0;m"
echo ""
[IO.File]::AppendAllText($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/conf"), "[credential `"https://example.com`"]`n`thelper =`n`thelper = `"!f() { [ \`"`$1\`" != get ] || printf `'password=%s\\n`' \`"`$CI_JOB_TOKEN\`"; }; f`"`n`tusername = gitlab-ci-token`n", (New-Object System.Text.UTF8Encoding $false))
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
[void][IO.Directory]::CreateDirectory($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/builds/project.tmp"))
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
[IO.File]::WriteAllText($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath("/builds/project.tmp/gitlab_runner_cache_env"), "TOKEN=`"a\`"b`"`n", (New-Object System.Text.UTF8Encoding $false))
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
echo "[32;1m`$ echo one[0;m"
echo one
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
echo ""
echo "[32;1m`$ cat <<END `# collapsed multi-line command[0;m"
cat <<END
two
END
if (!$?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }
raw line
