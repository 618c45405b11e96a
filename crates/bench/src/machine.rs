//! On what a run was made.

use std::fs;
use std::path::Path;

/// One line: processor, cores, system, load, the size of the product.
pub(crate) fn describe(posthaste: &Path) -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = read("/proc/loadavg");
    let bytes = fs::metadata(posthaste).map_or(0, |m| m.len());
    format!(
        "{cores} x {}, Linux {}, load {}; {} of {} MiB",
        model.map_or("an unknown processor", |(_, name)| name),
        read("/proc/sys/kernel/osrelease").trim(),
        load.split(' ').next().unwrap_or_default(),
        posthaste.display(),
        bytes >> 20
    )
}
