//! The binary as a process: started, killed, started again.

#[cfg(test)]
mod account;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod catalog;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod nasty;
#[cfg(test)]
mod payments;
#[cfg(test)]
mod process;
#[cfg(test)]
mod report;
