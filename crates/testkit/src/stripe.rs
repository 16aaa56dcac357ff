//! A faulty line to localstripe, the stand-in for Stripe in tests: it honours idempotency keys and knows the requests that
//! localstripe does not, as Stripe has it, and it loses, delays or spoils the requests that a test names.

mod dialect;
mod form;
mod http;

use std::{
    collections::HashMap,
    env,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    io::{self, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, Once, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use dialect::Localstripe;
use http::{Request, Response};

pub use dialect::Moved;

/// Names the URL of a running localstripe.
pub const STRIPE_VARIABLE: &str = "BILLFOLD_TEST_STRIPE";

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection ends; Stripe never sees the request.
    LoseRequest,
    /// Stripe does what is asked; then the connection ends.
    LoseAnswer,
    /// The request waits on its way.
    DelayRequest(Duration),
    /// Stripe does what is asked; then its answer waits.
    DelayAnswer(Duration),
    /// This status with no text that says anything, and Stripe never sees the request.
    Spoil(u16),
    /// Stripe does what is asked; then this status is answered instead.
    SpoilAnswer(u16),
}

/// A line to localstripe, on a port of its own; it ends with the value.
pub struct StripeLine {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    stripe: Localstripe,
    is_closed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The faults to come, each with a part of the request's line.
    faults: Vec<(String, Fault)>,
    /// The answers by idempotency key; `None` while Stripe is busy with it.
    answers: HashMap<String, (Request, Option<Response>)>,
    /// The lines of all requests, such as `POST /v1/refunds`.
    lines: Vec<String>,
}

impl StripeLine {
    /// A line to the localstripe that [`STRIPE_VARIABLE`] names; none when it names none.
    pub fn find() -> Option<Self> {
        static NOTICE: Once = Once::new();
        #[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
        let url = env::var(STRIPE_VARIABLE).ok().filter(|url| !url.is_empty());
        if url.is_none() {
            // Straight to the terminal: the test harness hides what a passing test prints.
            NOTICE.call_once(|| {
                let _ = writeln!(
                    io::stderr(),
                    "{STRIPE_VARIABLE} is not set: nothing is tested against localstripe; `cargo xtask test` starts it"
                );
            });
        }
        Some(Self::open(&url?))
    }

    /// A line to the localstripe at this URL, such as `http://127.0.0.1:8420`.
    pub fn open(url: &str) -> Self {
        let authority = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on the loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let stripe = Localstripe::new(authority);
        let shared = Arc::new(Shared { stripe, is_closed: AtomicBool::new(false), state: Mutex::default() });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.is_closed.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&serving);
                // An error ends the connection, which is what its caller then sees.
                thread::spawn(move || stream.and_then(|stream| shared.serve(stream)));
            }
        });
        Self { address, shared }
    }

    /// What to use instead of Stripe's own URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets the next request whose line (`POST /v1/payment_intents/pi_1/confirm`) contains `part` have this fault. Faults of
    /// the same part are used in the order in which they were given, each once.
    pub fn fault(&self, part: &str, fault: Fault) {
        self.shared.state().faults.push((part.to_owned(), fault));
    }

    /// Takes back the faults that no request has had.
    pub fn mend(&self) {
        self.shared.state().faults.clear();
    }

    /// The lines of all requests so far, such as `POST /v1/refunds`.
    pub fn requests(&self) -> Vec<String> {
        self.shared.state().lines.clone()
    }

    /// Lets a day pass: idempotency keys are forgotten, and what was made under them is not.
    pub fn forget_keys(&self) {
        self.shared.state().answers.clear();
    }

    /// The charges that Stripe has made on this line under keys that begin with `prefix`: its own list, to compare the books with.
    pub fn charged(&self, prefix: &str) -> Vec<Moved> {
        self.shared.stripe.charged(prefix).expect("localstripe answers")
    }

    /// The refunds on this line under keys that begin with `prefix`.
    pub fn refunded(&self, prefix: &str) -> Vec<Moved> {
        self.shared.stripe.refunded(prefix).expect("localstripe answers")
    }

    /// A beginning for keys that no other test has.
    pub fn new_prefix() -> String {
        format!("{:016x}", RandomState::new().build_hasher().finish())
    }
}

impl Drop for StripeLine {
    fn drop(&mut self) {
        self.shared.is_closed.store(true, Ordering::Relaxed);
        // The listener waits for a caller before it looks whether it is to end.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One request a connection.
    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let request = Request::read(&mut stream)?;
        let fault = self.begin(&request);
        match fault {
            Some(Fault::LoseRequest) => return Ok(()),
            Some(Fault::Spoil(status)) => return Response::error(status, "api_error", "").write(&mut stream),
            Some(Fault::DelayRequest(pause)) => thread::sleep(pause),
            Some(Fault::LoseAnswer | Fault::DelayAnswer(_) | Fault::SpoilAnswer(_)) | None => {}
        }
        let response = self.answer(request)?;
        match fault {
            Some(Fault::LoseAnswer) => return Ok(()),
            Some(Fault::SpoilAnswer(status)) => return Response::error(status, "api_error", "").write(&mut stream),
            Some(Fault::DelayAnswer(pause)) => thread::sleep(pause),
            Some(Fault::LoseRequest | Fault::DelayRequest(_) | Fault::Spoil(_)) | None => {}
        }
        response.write(&mut stream)
    }

    /// Notes a request, and takes the fault that is meant for it.
    fn begin(&self, request: &Request) -> Option<Fault> {
        let line = format!("{} {}", request.method, request.path);
        let mut state = self.state();
        let place = state.faults.iter().position(|(part, _)| line.contains(part));
        state.lines.push(line);
        place.map(|place| state.faults.remove(place).1)
    }

    /// As Stripe answers: the first answer of an idempotency key again, and a refusal of another request under it.
    fn answer(&self, request: Request) -> io::Result<Response> {
        let Some(key) = request.header("idempotency-key").map(str::to_owned) else {
            return self.stripe.answer(&request);
        };
        if let Some(answer) = self.claim(&key, &request) {
            return Ok(answer);
        }
        let answer = self.stripe.answer(&request);
        match &answer {
            Ok(response) => self.state().answers.insert(key, (request, Some(response.clone()))),
            Err(_) => self.state().answers.remove(&key),
        };
        answer
    }

    /// Gives a key to a request, or says what it is answered because the key was given before.
    fn claim(&self, key: &str, request: &Request) -> Option<Response> {
        let mut state = self.state();
        let Some((first, answer)) = state.answers.get(key) else {
            state.answers.insert(key.to_owned(), (request.clone(), None));
            return None;
        };
        let refusal = |status, text| Response::error(status, "idempotency_error", text);
        let (other, busy) = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with.",
            "There is currently another in-progress request using this Idempotent Key.",
        );
        Some(match answer {
            _ if !first.asks_the_same(request) => refusal(400, other),
            Some(answer) => answer.clone().replayed(),
            None => refusal(409, busy),
        })
    }
}
