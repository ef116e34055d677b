//! What can go wrong, and how often it does in one schedule.

use rand::Rng;
use rand::rngs::SmallRng;
use serverless_chat::signalr::Millis;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The transport is cut.
    Cut,
    /// The transport carries nothing any more, and nobody is told.
    Silence,
    /// The server starts anew, and knows nobody.
    Restart,
    /// The device sleeps.
    Sleep,
    /// The page is hidden or shown: in a hidden one, timers run once a minute.
    Hide,
    /// The browser loses its network.
    Offline,
    /// The page is frozen, and comes back.
    Suspend,
    /// The server sends the client away, with or without an invitation.
    Close,
    /// What the application shows has expired.
    Expire,
    /// Negotiation is refused for a while.
    Refuse,
    /// Everything takes long for a while, so that answers come in another order.
    Delay,
    /// Requests and transports are lost for a while.
    Loss,
    /// The server says what no client understands.
    Nonsense,
    /// The page is looked at, or the person is impatient.
    Woken,
}

pub(crate) const FAULTS: [Fault; 14] = [
    Fault::Cut,
    Fault::Silence,
    Fault::Restart,
    Fault::Sleep,
    Fault::Hide,
    Fault::Offline,
    Fault::Suspend,
    Fault::Close,
    Fault::Expire,
    Fault::Refuse,
    Fault::Delay,
    Fault::Loss,
    Fault::Nonsense,
    Fault::Woken,
];

/// The weather of the moment.
#[derive(Debug)]
pub(crate) struct Weather {
    /// The faults of this schedule.
    pub(crate) faults: Vec<Fault>,
    /// The longest way from one side to the other, in milliseconds.
    latency: Millis,
    slow_until: Millis,
    lossy_until: Millis,
    pub(crate) refusing_until: Millis,
    pub(crate) is_offline: bool,
    /// Nothing goes wrong any more.
    is_clear: bool,
}

/// What comes of something that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives after so many milliseconds.
    Arrives(Millis),
    /// The sender is told after so many milliseconds that it did not.
    Fails(Millis),
    /// Nobody hears of it again.
    Vanishes,
}

impl Weather {
    pub(crate) fn new(random: &mut SmallRng) -> Weather {
        // Some schedules have one kind of fault, and some have all of them.
        let kinds = random.random_range(0..=FAULTS.len());
        let mut faults = FAULTS.to_vec();
        while faults.len() > kinds.max(1) {
            faults.swap_remove(random.random_range(0..faults.len()));
        }
        Weather {
            faults,
            latency: 200,
            slow_until: 0,
            lossy_until: 0,
            refusing_until: 0,
            is_offline: false,
            is_clear: false,
        }
    }

    /// What comes of something that is sent now.
    pub(crate) fn fate(&self, now: Millis, random: &mut SmallRng) -> Fate {
        if self.is_offline {
            return Fate::Fails(random.random_range(0..50));
        }
        let time = self.travel(now, random);
        match random.random_range(0..4) {
            0 if now < self.lossy_until => Fate::Fails(time),
            1 if now < self.lossy_until => Fate::Vanishes,
            _ => Fate::Arrives(time),
        }
    }

    /// How long something takes that is sent now.
    pub(crate) fn travel(&self, now: Millis, random: &mut SmallRng) -> Millis {
        let slow = now < self.slow_until;
        let most = if slow { 20_000 } else { self.latency };
        random.random_range(1..=most)
    }

    pub(crate) fn slow_down(&mut self, until: Millis) {
        self.slow_until = until;
    }

    pub(crate) fn lose_until(&mut self, until: Millis) {
        self.lossy_until = until;
    }

    /// Ends all faults.
    pub(crate) fn clear(&mut self) {
        self.latency = 100;
        self.slow_until = 0;
        self.lossy_until = 0;
        self.refusing_until = 0;
        self.is_offline = false;
        self.is_clear = true;
    }

    pub(crate) fn is_clear(&self) -> bool {
        self.is_clear
    }
}
