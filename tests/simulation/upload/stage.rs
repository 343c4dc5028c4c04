//! A world with an endpoint, a disk, and programs that send samples.

use super::oracle;
use super::samples::{PiecewiseSource, TestSample, ndjson};
use crate::server::{ENDPOINT, Endpoint, Inbox, Parcel, Verdict};
use crate::setup::{ORIGIN, SECRET};
use crate::world::{Chance, Conditions, Disk, DiskStore, Network, Post, Process, World};
use futures_util::FutureExt;
use humansync::error::Error;
use humansync::http::{Abort, BaseUrl, Client, Config, Credential, Scheme, SecretSource, SecretText};
use humansync::upload::{
    StoppedUpload, UploadListener, UploadPlan, UploadProgress, UploadReport, Uploader, UploaderOptions,
    Watermark,
};
use humansync_ingest::{DataType, Format, Numbers, Rejection};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// How an upload ends.
pub type UploadOutcome = Result<UploadReport, StoppedUpload>;

/// Options of a stage; the rest is as the package has it by default.
#[derive(Clone, Debug)]
pub struct StageOptions {
    /// Samples per batch.
    pub batch_size: usize,
    /// Whether batches are held back while nobody knows whether the server has them.
    pub hold: bool,
    /// Requests in flight at once.
    pub concurrency: usize,
    /// Attempts after the first one.
    pub max_retries: u32,
    /// The network.
    pub conditions: Conditions,
    /// How many milliseconds an operation of the disk takes.
    pub disk: RangeInclusive<u64>,
    /// How often a request that its sender gave up arrives all the same.
    pub lingering: f64,
    /// The number of pieces in which a source comes.
    pub pieces: usize,
}

impl Default for StageOptions {
    fn default() -> Self {
        Self {
            batch_size: 1000,
            hold: false,
            concurrency: 6,
            max_retries: 4,
            conditions: Conditions::uneven(),
            disk: 0..=8,
            lingering: 0.0,
            pieces: 3,
        }
    }
}

/// A world with an endpoint and a disk.
pub struct Stage {
    /// The world.
    pub world: World,
    /// Where programs remember what they sent.
    pub disk: Disk,
    /// What the endpoint has received.
    pub inbox: Inbox,
    /// What the senders know of their requests.
    pub post: Post,
    /// The network.
    pub network: Network,
    pub options: StageOptions,
    /// Where the endpoint is.
    origin: &'static str,
    chance: Rc<RefCell<Chance>>,
    deaths: Rc<RefCell<Vec<u64>>>,
}

/// A program that sends samples.
#[derive(Clone)]
pub struct Program {
    /// To kill it.
    pub process: Process,
    /// That of its letters, and of its access to the disk.
    pub number: u64,
    uploader: Rc<Uploader<Post, Process, DiskStore>>,
    chance: Rc<RefCell<Chance>>,
    pieces: usize,
}

impl Stage {
    /// A stage in the world of `seed`, with an endpoint that does what `judge` says.
    pub fn new(seed: u64, options: StageOptions, judge: impl FnMut(&Parcel) -> Verdict + 'static) -> Self {
        let world = World::new(seed);
        let inbox = Inbox::default();
        let network = Network::new(&world, options.conditions.clone(), Endpoint::new(&inbox, judge));
        Self {
            disk: Disk::new(&world, options.disk.clone()),
            post: Post::new(&world, &network, options.lingering),
            chance: Rc::new(RefCell::new(world.chance_for("sources"))),
            deaths: Rc::default(),
            origin: ORIGIN,
            network,
            inbox,
            options,
            world,
        }
    }

    /// Another server in the same world, whose programs use the same disk.
    pub fn beside(&self, origin: &'static str, judge: impl FnMut(&Parcel) -> Verdict + 'static) -> Self {
        let inbox = Inbox::default();
        let endpoint = Endpoint::new(&inbox, judge);
        let network = Network::new(&self.world, self.options.conditions.clone(), endpoint);
        Self {
            disk: self.disk.clone(),
            post: Post::new(&self.world, &network, self.options.lingering),
            chance: self.chance.clone(),
            deaths: self.deaths.clone(),
            origin,
            network,
            inbox,
            options: self.options.clone(),
            world: self.world.clone(),
        }
    }

    /// A stage whose endpoint accepts everything.
    pub fn calm(seed: u64, options: StageOptions) -> Self {
        Self::new(seed, options, |_| Verdict::Accepted)
    }

    /// Starts a program.
    pub fn program(&self) -> Program {
        self.program_with(self.options.hold)
    }

    /// Starts a program that holds back unknown batches, or does not.
    pub fn program_with(&self, hold_unknown: bool) -> Program {
        let process = Process::new(&self.world);
        let (world, deaths) = (self.world.clone(), self.deaths.clone());
        process.at_death(move || deaths.borrow_mut().push(world.elapsed()));
        let config = Config {
            base: BaseUrl::endpoint(self.origin, ENDPOINT, false).unwrap(),
            headers: Vec::new(),
            timeout: 30_000,
            max_retries: self.options.max_retries,
            max_retry_delay: 120_000,
            concurrency: self.options.concurrency,
        };
        let credential =
            Credential::new(SecretSource::Fixed(SecretText::new(Scheme::Bearer, "token", SECRET).unwrap()));
        let store = Rc::new(self.disk.open(&process));
        let number = store.number;
        let client = Client::new(self.post.of_sender(number), process.clone(), config, credential, None);
        let options = UploaderOptions {
            account: Some("anna".to_owned()),
            batch_size: self.options.batch_size,
            hold_unknown,
            numbers: Numbers { parse: |text| text.parse().unwrap(), print: |number| number.to_string() },
        };
        Program {
            number,
            uploader: Rc::new(Uploader { client: Rc::new(client), store, options }),
            process,
            chance: self.chance.clone(),
            pieces: self.options.pieces,
        }
    }

    /// Runs one upload of a new program to its end.
    pub fn upload(&self, samples: &[TestSample]) -> UploadOutcome {
        self.upload_by(&self.program(), samples)
    }

    /// Runs one upload to its end.
    pub fn upload_by(&self, program: &Program, samples: &[TestSample]) -> UploadOutcome {
        self.world.run(program.upload(&ndjson(samples), &Abort::new())).expect("the program died")
    }

    /// Runs uploads of new programs until one succeeds, at most `tries` of them.
    ///
    /// # Panics
    /// If none succeeds.
    pub fn upload_until_done(&self, samples: &[TestSample], tries: usize) -> UploadReport {
        for _ in 0..tries {
            if let Ok(report) = self.upload(samples) {
                return report;
            }
        }
        panic!("{tries} uploads, and none came to its end")
    }

    /// When programs died.
    pub fn deaths(&self) -> Vec<u64> {
        self.deaths.borrow().clone()
    }

    /// The longest time from an answer until it is certainly recorded.
    pub fn longest_write(&self) -> u64 {
        *self.options.disk.end()
    }

    /// Asserts that nothing is in flight, no timer runs, no task is left and no lock is held.
    ///
    /// # Panics
    /// If something is left.
    pub fn assert_nothing_is_left(&self, when: &str) {
        self.world.settle();
        assert_eq!(self.network.in_flight(), 0, "{when}: requests in flight");
        assert_eq!(self.world.timers_left(), 0, "{when}: timers");
        assert_eq!(self.world.tasks_left(), 0, "{when}: tasks");
        assert_eq!(self.disk.locks_held(), 0, "{when}: locks");
    }
}

impl Program {
    /// Uploads lines; `None` if the program dies. Asserts that the report adds up, whatever the outcome.
    pub fn upload(&self, lines: &[u8], abort: &Abort) -> impl Future<Output = Option<UploadOutcome>> + use<> {
        let (uploader, abort, source) = (self.uploader.clone(), abort.clone(), self.source(lines));
        let upload = async move {
            let witness = ListenerWitness::default();
            let ended =
                uploader.upload(DataType::Steps, Some(Format::Ndjson), source, &witness, &abort).await;
            match &ended {
                Ok(report) => {
                    oracle::assert_adds_up(report);
                    witness.assert_tells_of(report);
                }
                Err(stopped) => oracle::assert_adds_up(&stopped.report),
            }
            ended
        };
        self.process.run(upload.boxed_local())
    }

    /// What an upload would do.
    pub fn plan(&self, lines: &[u8]) -> impl Future<Output = Result<UploadPlan, Error>> + use<> {
        let (uploader, source) = (self.uploader.clone(), self.source(lines));
        let planned = async move {
            uploader
                .plan(
                    DataType::Steps,
                    Some(Format::Ndjson),
                    source,
                    &ListenerWitness::default(),
                    &Abort::new(),
                )
                .await
        };
        alive(self.process.run(planned.boxed_local()))
    }

    /// The watermarks.
    pub fn watermarks(&self) -> impl Future<Output = Result<Vec<Watermark>, Error>> + use<> {
        let uploader = self.uploader.clone();
        let asked = async move { uploader.watermarks(DataType::Steps).await };
        alive(self.process.run(asked.boxed_local()))
    }

    /// Forgets what was sent.
    pub fn forget(&self, device: Option<&str>) -> impl Future<Output = Result<(), Error>> + use<> {
        alive(self.forget_or_die(device))
    }

    /// Forgets what was sent; `None` if the program dies.
    pub fn forget_or_die(
        &self,
        device: Option<&str>,
    ) -> impl Future<Output = Option<Result<(), Error>>> + use<> {
        let (uploader, device) = (self.uploader.clone(), device.map(str::to_owned));
        let forgotten = async move { uploader.forget(DataType::Steps, device.as_deref()).await };
        self.process.run(forgotten.boxed_local())
    }

    /// Closes its client.
    pub fn close(&self) {
        self.uploader.client.close();
    }

    fn source(&self, lines: &[u8]) -> PiecewiseSource {
        PiecewiseSource::new(&self.process, &mut self.chance.borrow_mut(), lines, self.pieces)
    }
}

async fn alive<O>(part: impl Future<Output = Option<O>>) -> O {
    part.await.expect("the program died")
}

/// Listens to one upload, and asserts that its progress is consistent.
#[derive(Default)]
struct ListenerWitness {
    last: Cell<UploadProgress>,
    rejected: Cell<u64>,
}

impl ListenerWitness {
    fn assert_tells_of(&self, report: &UploadReport) {
        let last = self.last.get();
        assert_eq!(last.read, report.read);
        assert_eq!(last.rejected, report.rejected_count);
        assert_eq!(self.rejected.get(), report.rejected_count);
        assert_eq!(last.already_sent, report.already_sent);
        assert_eq!(last.sent, report.sent);
        assert_eq!(last.batches_done, report.batches);
        assert_eq!(last.batches, Some(report.batches));
        assert_eq!(Some(last.bytes_read), last.bytes_total);
    }
}

impl UploadListener for ListenerWitness {
    fn progress(&self, now: &UploadProgress) -> Result<(), Error> {
        let before = self.last.replace(*now);
        let grows = |part: fn(&UploadProgress) -> u64| part(now) >= part(&before);
        let parts: [fn(&UploadProgress) -> u64; 5] =
            [|p| p.read, |p| p.rejected, |p| p.sent, |p| p.batches_done, |p| p.bytes_read];
        assert!(parts.into_iter().all(grows), "it goes back: {before:?}, {now:?}");
        assert!(now.batches.is_none_or(|all| now.batches_done <= all), "{now:?}");
        assert!(now.total.is_none_or(|all| now.sent <= all), "{now:?}");
        Ok(())
    }

    fn rejected(&self, _: &Rejection) -> Result<(), Error> {
        self.rejected.set(self.rejected.get() + 1);
        Ok(())
    }
}
