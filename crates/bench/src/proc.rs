//! What the kernel tells of processes and of the machine: `/proc`.

use std::fs;
use std::time::Duration;
use tokio::time::Instant;

/// Linux counts CPU time for user space in hundredths of a second on every architecture that Rust runs on.
const TICK: Duration = Duration::from_millis(10);

/// The CPU time that a process has used in all its threads.
pub(crate) fn cpu(pid: u32) -> Result<Duration, String> {
    parse_cpu(&read(&format!("/proc/{pid}/stat"))?).ok_or_else(|| format!("/proc/{pid}/stat is unreadable"))
}

/// The memory of a process that is in RAM, in bytes.
pub(crate) fn rss(pid: u32) -> Result<u64, String> {
    let status = read(&format!("/proc/{pid}/status"))?;
    let kib = parse_field(&status, "VmRSS:").ok_or_else(|| format!("/proc/{pid}/status has no VmRSS"))?;
    Ok(kib * 1024)
}

/// The bytes that a process has caused to be written to the disk.
pub(crate) fn written(pid: u32) -> Result<u64, String> {
    let io = read(&format!("/proc/{pid}/io"))?;
    parse_field(&io, "write_bytes:").ok_or_else(|| format!("/proc/{pid}/io has no write_bytes"))
}

/// The time for which all CPUs together have been busy, whoever with.
fn busy() -> Result<Duration, String> {
    parse_busy(&read("/proc/stat")?).ok_or_else(|| "/proc/stat is unreadable".to_owned())
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{path} cannot be read: {e}"))
}

fn parse_cpu(stat: &str) -> Option<Duration> {
    // The name in parentheses may hold anything, also parentheses.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some(TICK * (ticks()? + ticks()?))
}

fn parse_field(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_ascii_whitespace().next()?.parse().ok()
}

fn parse_busy(stat: &str) -> Option<Duration> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line.split_ascii_whitespace().take(8).map_while(|n| n.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal; guests are in user already.
    let [user, nice, system, _, _, irq, softirq, steal] = *ticks else { return None };
    let busy = user + nice + system + irq + softirq + steal;
    Some(Duration::from_millis(busy * TICK.as_millis() as u64))
}

/// Watches processes of ours over a window.
pub(crate) struct Meter {
    began: Instant,
    busy: Duration,
    ours: Vec<(u32, Duration)>,
    me: Duration,
}

/// What a window has cost.
#[derive(Clone, Debug)]
pub(crate) struct Usage {
    /// How long it took.
    pub took: Duration,
    /// CPU time of each watched process, in the order in which they were named.
    pub cpu: Vec<Duration>,
    /// The cores that everybody else kept busy: neither a watched process nor this one.
    pub other_cores: f64,
}

impl Meter {
    /// Begins a window; `pids` are the processes that belong to it, beside this one.
    pub(crate) fn start(pids: &[u32]) -> Result<Self, String> {
        let ours = pids.iter().map(|&pid| Ok((pid, cpu(pid)?))).collect::<Result<_, String>>()?;
        Ok(Self { began: Instant::now(), busy: busy()?, ours, me: cpu(std::process::id())? })
    }

    /// Ends the window.
    pub(crate) fn stop(&self) -> Result<Usage, String> {
        let took = self.began.elapsed();
        let all = busy()?.saturating_sub(self.busy);
        let me = cpu(std::process::id())?.saturating_sub(self.me);
        let used = |&(pid, before): &(u32, Duration)| Ok(cpu(pid)?.saturating_sub(before));
        let cpu = self.ours.iter().map(used).collect::<Result<Vec<_>, String>>()?;
        let ours = cpu.iter().sum::<Duration>() + me;
        let other_cores = all.saturating_sub(ours).as_secs_f64() / took.as_secs_f64().max(0.001);
        Ok(Usage { took, cpu, other_cores })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_time_of_a_process_with_a_strange_name() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 150 25 7 9 20 0 4 0 1 2 3";
        assert_eq!(parse_cpu(stat), Some(Duration::from_millis(1750)));
        assert_eq!(parse_cpu("42 a S 1"), None);
        assert_eq!(parse_cpu("42 (a) S 1 2"), None);
    }

    #[test]
    fn fields_by_name() {
        let status = "Name:\tx\nVmHWM:\t  200 kB\nVmRSS:\t  123 kB\n";
        assert_eq!(parse_field(status, "VmRSS:"), Some(123));
        assert_eq!(parse_field(status, "VmSwap:"), None);
        assert_eq!(
            parse_field("rchar: 1\ncancelled_write_bytes: 3\nwrite_bytes: 4096\n", "write_bytes:"),
            Some(4096)
        );
    }

    #[test]
    fn the_machine_is_busy_but_for_idle_and_waiting_time() {
        let stat = "cpu  100 10 50 5000 70 1 2 3 40 0\ncpu0 1 2 3\n";
        assert_eq!(parse_busy(stat), Some(Duration::from_millis(1660)));
        assert_eq!(parse_busy("cpu  1 2 3\n"), None);
        assert_eq!(parse_busy(""), None);
    }

    #[test]
    fn this_process_can_be_watched() {
        let me = std::process::id();
        assert!(rss(me).unwrap() > 100_000);
        written(me).unwrap();
        let usage = Meter::start(&[]).unwrap().stop().unwrap();
        assert!(usage.other_cores >= 0.0 && usage.cpu.is_empty());
        cpu(u32::MAX).unwrap_err();
    }
}
