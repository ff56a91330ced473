/** One direction of a cable: every frame goes through the stages that are for it, waits, and leaves in order. */
import { answersTo, concerns } from './answers.ts';
import { Due } from './due.ts';
import { type Drop, OVERTAKEN_WITHIN, type Stage, type Tally, type Verdict } from './impairment.ts';
import { Judge } from './judge.ts';
import { type Matcher, matcher } from './match.ts';
import { bytesOf, type Held } from './packet-socket.ts';

/** Bytes of a frame that a verdict keeps. */
const HEAD = 128;

interface Standing {
  stage: Stage;
  matches: Matcher;
  judge: Judge;
  tally: Tally;
}

interface Waiting {
  frame: Held;
  /** The number of frames that leave: 1, or 2 where the frame was doubled. */
  copies: number;
  due: number;
  /** The stages that the frame went through. */
  by: readonly Standing[];
}

export class Lane {
  readonly direction: 'out' | 'in';
  readonly #tell: (verdict: Verdict) => void;
  readonly #answer: (frame: Buffer) => void;
  #standing: Standing[] = [];
  readonly #due = new Due<Waiting>();
  /** Frames to be overtaken, as long as no frame has come that could. */
  #behind: Waiting[] = [];
  #came = 0;

  /** `answer` sends a frame of the cable's own the other way. */
  constructor(
    direction: 'out' | 'in',
    tell: (verdict: Verdict) => void,
    answer: (frame: Buffer) => void = () => {},
  ) {
    this.direction = direction;
    this.#tell = tell;
    this.#answer = answer;
  }

  /** Sets the stages. Those that stay keep their draws, queues and counts. Returns the tallies of those that go. */
  stand(stages: readonly Stage[]): Tally[] {
    const left = [...this.#standing];
    this.#standing = stages
      .filter(({ direction }) => direction === this.direction)
      .map((stage) => {
        // One id may have several stages on a cable: they keep their order.
        const found = left.findIndex((one) => one.stage.id === stage.id);
        return found < 0 ? begin(stage) : left.splice(found, 1)[0]!;
      });
    return left.map(({ tally }) => tally);
  }

  tallies(): Tally[] {
    return this.#standing.map(({ tally }) => tally);
  }

  /** When the next frame is due, in milliseconds of the cable's clock. */
  get next(): number {
    return Math.min(this.#due.next, this.#alone);
  }

  /** The time when the first frame to be overtaken leaves even if nothing has overtaken it. */
  get #alone(): number {
    const [first] = this.#behind;
    return first ? first.due + OVERTAKEN_WITHIN : Number.POSITIVE_INFINITY;
  }

  /** `at` is on the cable's clock. The slot of a frame that is lost is given back. */
  come(frame: Held, at: number): void {
    // Frames come one after the other, whatever their time stamps say.
    this.#came = Math.max(this.#came, at);
    let leaves = this.#came;
    let copies = 1;
    let overtaken = false;
    const by: Standing[] = [];
    const bytes = bytesOf(frame);
    for (const standing of this.#standing) {
      if (!standing.matches(bytes, this.direction)) continue;
      by.push(standing);
      const { tally, judge } = standing;
      tally.frames += 1;
      const decision = judge.judge(frame.length, leaves);
      const told = (did: Verdict['did'], why?: Drop) =>
        this.#tell({
          time: frame.time,
          stage: tally.stage,
          direction: this.direction,
          number: judge.count,
          did,
          ...(why && { why }),
          length: frame.length,
          head: Uint8Array.from(bytes.subarray(0, HEAD)),
        });
      if (decision.dropped) {
        tally.dropped[decision.dropped] = (tally.dropped[decision.dropped] ?? 0) + 1;
        told('dropped', decision.dropped);
        const { back, on } = answersTo(bytes, decision.dropped);
        if (back) this.#answer(back);
        if (!on) {
          frame.slots.give(frame.slot);
          return;
        }
        // The reset leaves instead of the frame.
        frame.length = on.copy(bytes);
        break;
      }
      leaves = decision.leaves;
      if (decision.doubled) {
        copies = 2;
        tally.doubled += 1;
        told('doubled');
      }
      if (decision.corrupted) {
        told('corrupted');
        tally.corrupted += 1;
        turnBit(bytes, judge.place(bytes.length));
      }
      if (decision.overtaken) {
        overtaken = true;
        tally.overtaken += 1;
        told('overtaken');
      }
    }
    const waiting: Waiting = { frame, copies, due: leaves, by };
    if (overtaken) {
      this.#behind.push(waiting);
      return;
    }
    this.#wait(waiting);
    // Frames to be overtaken leave right behind this one, and never before their own time.
    for (const one of this.#behind.splice(0)) this.#wait({ ...one, due: Math.max(leaves, one.due) });
  }

  #wait(waiting: Waiting): void {
    this.#due.add(waiting);
  }

  /** Sends a frame of the cable's own at its time, through no stage. */
  say(frame: Held, at: number): void {
    this.#due.add({ frame, copies: 1, due: at, by: [] });
  }

  /** Takes out the frames that are due, in the order in which they leave. */
  leave(at: number): Held[] {
    const going: Held[] = [];
    const go = ({ frame, copies, due, by }: Waiting) => {
      const last = by.at(-1);
      if (last) last.tally.late = Math.max(last.tally.late, at - due);
      this.#delayBehind(by, at - due);
      for (let copy = 0; copy < copies; copy++) going.push(frame);
    };
    while (this.#due.next <= at) go(this.#due.take()!);
    while (this.#alone <= at) go({ ...this.#behind.shift()!, due: at });
    return going;
  }

  /** A frame that went through these stages leaves late: those behind it do not all leave at once, where a rate is among the stages. */
  #delayBehind(stages: readonly Standing[], late: number): void {
    for (const stage of stages) {
      const by = stage.judge.late(late);
      if (by === 0) continue;
      const went = (waiting: Waiting) => waiting.by.includes(stage);
      this.#due.delay(by, went);
      for (const waiting of this.#behind) if (went(waiting)) waiting.due += by;
    }
  }

  /** Takes out frames that wait: their cable is cut, or goes, and they are lost. */
  forget(which: (frame: Held) => boolean): Held[] {
    const [gone, kept]: [Waiting[], Waiting[]] = [[], []];
    for (let one = this.#due.take(); one; one = this.#due.take()) (which(one.frame) ? gone : kept).push(one);
    for (const one of kept) this.#due.add(one);
    gone.push(...this.#behind.filter(({ frame }) => which(frame)));
    this.#behind = this.#behind.filter(({ frame }) => !which(frame));
    return gone.map(({ frame }) => frame);
  }
}

function begin(stage: Stage): Standing {
  const { id, direction } = stage;
  const tally = {
    stage: id,
    direction,
    frames: 0,
    dropped: {},
    doubled: 0,
    corrupted: 0,
    overtaken: 0,
    late: 0,
  };
  const [meant, concerned] = [matcher(stage), concerns(stage.impairment)];
  const matches: Matcher = concerned ? (frame, way) => meant(frame, way) && concerned(frame) : meant;
  return { stage, matches, judge: new Judge(stage), tally };
}

function turnBit(frame: Buffer, { byte, bit }: { byte: number; bit: number }): void {
  frame[byte]! ^= 1 << bit;
}
