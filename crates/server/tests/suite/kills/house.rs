//! The processes that share a database: started, killed at any moment, started again.

use std::{process::Stdio, thread, time::Duration};

use cluster::{Server as Cluster, machine};
use testkit::Dice;

use super::{
    aim::{Phase, Place, Watch},
    order::Order,
};
use crate::process::{Caller, Process, Server};

/// Processes that only work, where the server itself does not.
const WORKER_COUNT: u64 = 3;
/// Another process goes on after so long. Less would take jobs from processes that a busy machine only keeps waiting.
const LEASE_MS: &str = "1000";
/// Most kills of a run.
const KILL_COUNT_MAX: u64 = 3;
/// Longest time that a killed process stays away.
const AWAY_MS_MAX: u64 = 50;

/// Who is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Victim {
    Server,
    Worker(usize),
    Database,
}

impl Victim {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Worker(_) => "worker",
            Self::Database => "PostgreSQL",
        }
    }
}

/// One `kill -9`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kill {
    pub(super) victim: Victim,
    /// Where the job is then.
    pub(super) goal: Place,
    /// How long the process stays away.
    away_ms: u64,
}

impl Kill {
    /// One to three of them, in the order of the life of the job. While it is sent, nobody is killed unless it bears that.
    pub(super) fn draw(dice: &mut Dice, has_cluster: bool, order: &Order, bears_cut: bool) -> Vec<Self> {
        let one = |dice: &mut Dice| {
            let phase = match dice.below(10) {
                0..=3 if bears_cut => Phase::Submission,
                5..=9 if order.is_tried() => Phase::Processing,
                _ => Phase::Validation,
            };
            let victim = if has_cluster { victim(dice, phase) } else { Victim::Server };
            let permille = i64::try_from(dice.below(1_000)).expect("a small number");
            Self { victim, goal: Place { phase, permille }, away_ms: dice.below(AWAY_MS_MAX) }
        };
        let mut kills: Vec<_> = (0..=dice.below(KILL_COUNT_MAX)).map(|_| one(dice)).collect();
        kills.sort_by_key(|kill| kill.goal);
        kills
    }

    /// After which a call may be answered that nobody knows whether it took effect.
    pub(super) fn is_of_database(self) -> bool {
        self.victim == Victim::Database
    }
}

/// Workers have no part in what is sent.
fn victim(dice: &mut Dice, phase: Phase) -> Victim {
    let worker_count = if phase == Phase::Submission { 0 } else { WORKER_COUNT };
    match dice.below(worker_count + 2) {
        0 => Victim::Server,
        1 => Victim::Database,
        worker => Victim::Worker(usize::try_from(worker - 2).expect("a small number")),
    }
}

/// A server alone, or one with workers beside it and a `PostgreSQL` of their own below.
pub(super) struct House<'a> {
    database: String,
    address: String,
    cluster: Option<&'a mut Cluster>,
    server: Option<Server>,
    workers: Vec<Option<Process>>,
    chunk_record_count: String,
}

impl<'a> House<'a> {
    /// Starts all of them; jobs are done in chunks of so many records.
    pub(super) fn start(database: &str, cluster: Option<&'a mut Cluster>, chunk_record_count: u64) -> Self {
        let address = format!("127.0.0.1:{}", machine::free_port().expect("a port"));
        let worker_count = if cluster.is_some() { WORKER_COUNT } else { 0 };
        let mut house = Self {
            database: database.to_owned(),
            address,
            cluster,
            server: None,
            workers: (0..worker_count).map(|_| None).collect(),
            chunk_record_count: chunk_record_count.to_string(),
        };
        house.open(Victim::Server);
        (0..house.workers.len()).for_each(|worker| house.open(Victim::Worker(worker)));
        house
    }

    pub(super) fn caller(&self, key: &str) -> Caller {
        self.server.as_ref().expect("the server is there").caller(key)
    }

    /// Lets it happen: in what phase of the job each was killed.
    pub(super) fn befall(&mut self, kills: &[Kill], watch: &mut Watch<'_>) -> Vec<Phase> {
        let one = |kill: &Kill| {
            watch.wait_for(kill.goal);
            let victim = self.at_work(kill.victim, watch);
            let before = watch.place();
            self.close(victim);
            // Nothing can be read without a database; else what others have done since shows in the job, and not in the kill.
            let place = if kill.is_of_database() { before } else { watch.place() };
            watch.forget();
            thread::sleep(Duration::from_millis(kill.away_ms));
            self.open(victim);
            place.map_or(kill.goal.phase, |place| place.phase)
        };
        kills.iter().map(one).collect()
    }

    /// A worker that has a part in the job, where there is one.
    fn at_work(&self, victim: Victim, watch: &Watch<'_>) -> Victim {
        let Victim::Worker(index) = victim else { return victim };
        let holders = watch.books.holders();
        let is_holder = |worker: &Process| holders.contains(&worker.id());
        let at_work = |index: &usize| self.workers[*index].as_ref().is_some_and(is_holder);
        let at_work: Vec<usize> = (0..self.workers.len()).filter(at_work).collect();
        Victim::Worker(if at_work.is_empty() { index } else { at_work[index % at_work.len()] })
    }

    /// Fails the test when a process has ended that was not killed.
    pub(super) fn assert_alive(&mut self) {
        self.server.as_mut().expect("the server is there").process().assert_alive();
        self.workers.iter_mut().flatten().for_each(Process::assert_alive);
    }

    fn close(&mut self, victim: Victim) {
        match victim {
            Victim::Server => self.server.take().expect("the server is there").kill(),
            Victim::Worker(worker) => self.workers[worker].take().expect("the worker is there").kill(),
            Victim::Database => self.cluster.as_mut().expect("the database is ours").kill().expect("it can be killed"),
        }
    }

    fn open(&mut self, victim: Victim) {
        match victim {
            Victim::Server => self.server = Some(self.serve()),
            Victim::Worker(worker) => self.workers[worker] = Some(self.work()),
            Victim::Database => {
                self.cluster.as_mut().expect("the database is ours").restart().expect("it starts again");
            }
        }
    }

    fn serve(&self) -> Server {
        let only_serves: &[&str] = if self.workers.is_empty() { &[] } else { &["--no-workers"] };
        Server::start_on(&self.address, &self.database, &[&self.options()[..], only_serves].concat())
    }

    fn work(&self) -> Process {
        let arguments = [&["worker", "--database", &self.database][..], &self.options()].concat();
        let (process, told) = Process::start(&arguments, Stdio::inherit());
        assert!(told.starts_with("Billfold works on"), "{told}");
        process
    }

    fn options(&self) -> [&str; 6] {
        ["--bulk-wait-ms", "0", "--bulk-lease-ms", LEASE_MS, "--bulk-chunk-records", &self.chunk_record_count]
    }
}
