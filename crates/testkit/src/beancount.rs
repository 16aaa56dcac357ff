//! Beancount, a bookkeeping program of others: whether it accepts a journal, and what it makes of it.

use std::{
    collections::BTreeMap,
    env,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    sync::Once,
};

/// Names the directory of Beancount's programs, the Python that has it among them.
pub const PROGRAMS_VARIABLE: &str = "BILLFOLD_TEST_BEANCOUNT";

/// Loads a journal and prints what every account of it holds.
const BALANCES: &str = "
import sys
from beancount import loader
from beancount.core import realization
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
for account in realization.iter_children(realization.realize(entries)):
    for position in account.balance:
        print(account.account, position.units.currency, position.units.number)
";

/// The programs of Beancount.
pub struct Beancount {
    programs: PathBuf,
}

impl Beancount {
    /// Where [`PROGRAMS_VARIABLE`] says; none when it says nothing.
    pub fn find() -> Option<Self> {
        static NOTICE: Once = Once::new();
        #[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
        let programs = env::var(PROGRAMS_VARIABLE).ok().filter(|path| !path.is_empty());
        if programs.is_none() {
            // Straight to the terminal: the test harness hides what a passing test prints.
            NOTICE.call_once(|| {
                let _ = writeln!(
                    std::io::stderr(),
                    "{PROGRAMS_VARIABLE} is not set: Beancount is not asked; `cargo xtask test` sets it up"
                );
            });
        }
        Some(Self { programs: programs?.into() })
    }

    /// What `bean-check` says of a journal; nothing when it accepts it.
    pub fn check(&self, journal: &Path) -> Result<(), String> {
        self.run("bean-check", &[journal.as_os_str().as_ref()]).map(drop)
    }

    /// What every account of a journal holds, by account and currency: plain decimal text.
    pub fn balances(&self, journal: &Path) -> Result<BTreeMap<(String, String), String>, String> {
        let printed = self.run("python3", &["-c".as_ref(), BALANCES.as_ref(), journal.as_os_str().as_ref()])?;
        let balance = |line: &str| {
            let mut words = line.split_whitespace().map(str::to_owned);
            Some(((words.next()?, words.next()?), words.next()?))
        };
        Ok(printed.lines().filter_map(balance).collect())
    }

    fn run(&self, program: &str, arguments: &[&Path]) -> Result<String, String> {
        let output = Command::new(self.programs.join(program)).args(arguments).output();
        let output = output.map_err(|error| format!("{program} cannot be run: {error}"))?;
        let [printed, complaints] =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        if output.status.success() {
            Ok(printed)
        } else {
            Err(format!("{program}: {}\n{printed}{complaints}", output.status))
        }
    }
}
