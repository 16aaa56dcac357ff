//! Limits of bulk jobs, as `serve` and `worker` take them. What one process does not use has no effect there.

mod command;

use std::time::Duration;

use app::bulk::Limits;
use clap::{Args, value_parser};

pub(crate) use self::command::{
    BulkCommand, BulkGoOn, BulkList, BulkOne, BulkResults, BulkSubmit, BulkTemplate, FileFormat, ResultFormat, Server,
};

/// An hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * HOUR_MS;

#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Bulk jobs")]
pub(crate) struct Bulk {
    /// Records of a bulk job.
    #[arg(long, env = "BILLFOLD_BULK_RECORDS_MAX", default_value_t = 1_000_000, value_name = "N",
        value_parser = value_parser!(u32).range(1..))]
    pub(crate) bulk_records_max: u32,
    /// Records of a bulk job that is atomic or a dry run: it is one transaction, for which others may have to wait.
    #[arg(long, env = "BILLFOLD_BULK_ATOMIC_RECORDS_MAX", default_value_t = 10_000, value_name = "N",
        value_parser = value_parser!(u32).range(1..))]
    pub(crate) bulk_atomic_records_max: u32,
    /// Most records of a bulk job that share a transaction; fewer do while other calls wait.
    #[arg(long, env = "BILLFOLD_BULK_CHUNK_RECORDS", default_value_t = 4_000, value_name = "N",
        value_parser = value_parser!(u32).range(1..=100_000))]
    pub(crate) bulk_chunk_records: u32,
    /// Parts of a bulk job that are worked on at the same time, by any of the processes; 1 keeps all records in order.
    /// SQLite always has one.
    #[arg(long, env = "BILLFOLD_BULK_LANES", default_value_t = 4, value_name = "N",
        value_parser = value_parser!(u32).range(1..=16))]
    pub(crate) bulk_lanes: u32,
    /// How long a call waits for its bulk job before it answers with one that is still under way, in milliseconds.
    #[arg(long, env = "BILLFOLD_BULK_WAIT_MS", default_value_t = 2_000, value_name = "MS")]
    pub(crate) bulk_wait_ms: u32,
    /// How long a bulk job stays with a process that shows no sign of life before another one takes it over, in milliseconds.
    #[arg(long, env = "BILLFOLD_BULK_LEASE_MS", default_value_t = 5_000, value_name = "MS",
        value_parser = value_parser!(u32).range(100..=3_600_000))]
    pub(crate) bulk_lease_ms: u32,
    /// How long a validated bulk job waits to be processed before it expires, in hours.
    #[arg(long, env = "BILLFOLD_BULK_EXPIRY_HOURS", default_value_t = 24, value_name = "HOURS",
        value_parser = value_parser!(u32).range(1..))]
    pub(crate) bulk_expiry_hours: u32,
    /// How long the records of an ended bulk job are kept, counted from its submission, in days; 0 is for good.
    #[arg(long, env = "BILLFOLD_BULK_RETENTION_DAYS", default_value_t = 0, value_name = "DAYS")]
    pub(crate) bulk_retention_days: u32,
}

impl Bulk {
    pub(crate) fn limits(self) -> Limits {
        Limits {
            record_count_max: usize::try_from(self.bulk_records_max).unwrap_or(usize::MAX),
            whole_record_count_max: usize::try_from(self.bulk_atomic_records_max).unwrap_or(usize::MAX),
            expires_after_ms: i64::from(self.bulk_expiry_hours) * HOUR_MS,
            records_kept_ms: (self.bulk_retention_days > 0).then(|| i64::from(self.bulk_retention_days) * DAY_MS),
            chunk_record_count: i64::from(self.bulk_chunk_records),
            lane_count: i64::from(self.bulk_lanes),
            wait_max: Duration::from_millis(u64::from(self.bulk_wait_ms)),
            lease_ms: i64::from(self.bulk_lease_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Alone {
        #[command(flatten)]
        bulk: Bulk,
    }

    fn limits(arguments: &[&str]) -> Result<Limits, clap::Error> {
        Alone::try_parse_from([&["test"], arguments].concat()).map(|alone| alone.bulk.limits())
    }

    #[test]
    fn what_is_not_said_is_the_default() {
        assert_eq!(limits(&[]).unwrap(), Limits::default());
    }

    #[test]
    fn every_limit_can_be_set_and_none_to_nonsense() {
        let set = [
            "--bulk-records-max=7",
            "--bulk-atomic-records-max=5",
            "--bulk-chunk-records=2",
            "--bulk-lanes=8",
            "--bulk-wait-ms=0",
            "--bulk-lease-ms=100",
            "--bulk-expiry-hours=3",
            "--bulk-retention-days=2",
        ];
        let expected = Limits {
            record_count_max: 7,
            whole_record_count_max: 5,
            expires_after_ms: 10_800_000,
            records_kept_ms: Some(172_800_000),
            chunk_record_count: 2,
            lane_count: 8,
            wait_max: Duration::ZERO,
            lease_ms: 100,
        };
        assert_eq!(limits(&set).unwrap(), expected);
        for wrong in [
            "--bulk-records-max=0",
            "--bulk-atomic-records-max=0",
            "--bulk-chunk-records=0",
            "--bulk-lanes=0",
            "--bulk-lanes=17",
            "--bulk-expiry-hours=0",
            "--bulk-wait-ms=-1",
            "--bulk-lease-ms=99",
        ] {
            assert!(limits(&[wrong]).is_err(), "{wrong}");
        }
    }
}
