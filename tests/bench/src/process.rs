//! A process that is measured: started on some cores, ended with the rig, and what it used by `/proc`.

use crate::Result;
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// How long a program may take to listen.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// A running program.
pub(crate) struct Process {
    child: Child,
    ticks: u32,
}

/// What a process and its children have used so far.
pub(crate) struct Usage {
    /// User and system time.
    pub(crate) cpu: Duration,
    /// Resident memory, in bytes; what children share counts for each.
    pub(crate) resident: u64,
}

/// A command that will run on these cores.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, cores: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", cores]).arg(program);
    command
}

/// An address that nothing listens at.
pub(crate) fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.map_err(|error| format!("no free port: {error}"))
}

impl Process {
    /// Starts a program, and waits until it listens.
    pub(crate) fn start(mut command: Command, address: SocketAddr) -> Result<Process> {
        let program = format!("{command:?}");
        let child = command.spawn().map_err(|error| format!("cannot start {program}: {error}"))?;
        let mut process = Process { child, ticks: ticks()? };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Ok(Some(status)) = process.child.try_wait() {
                return Err(format!("{program} ended with {status}"));
            }
            if started.elapsed() > START_TIMEOUT {
                return Err(format!("{program} does not listen at {address}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(process)
    }

    /// What the process and its children have used.
    pub(crate) fn usage(&self) -> Result<Usage> {
        let (mut ticks, mut resident) = (0, 0);
        let mut pids = vec![self.child.id()];
        while let Some(pid) = pids.pop() {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|_| format!("process {pid} ended"))?;
            // The name of the program, which may hold blanks, is in parentheses; user and system time follow, and those
            // of children that ended.
            let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
            ticks += (11..15).filter_map(|field| fields.get(field)?.parse::<u64>().ok()).sum::<u64>();
            resident += resident_bytes(pid);
            let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
            pids.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
        Ok(Usage { cpu: Duration::from_secs(ticks) / self.ticks, resident })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Asked first, so that a master ends its workers.
        let _ended = Command::new("kill").arg(self.child.id().to_string()).status();
        let started = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && started.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }
}

fn resident_bytes(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

/// How many units of `/proc/PID/stat` make a second.
fn ticks() -> Result<u32> {
    let output = Command::new("getconf").arg("CLK_TCK").output().map_err(|error| format!("getconf: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| format!("getconf CLK_TCK says `{}`", text.trim()))
}
