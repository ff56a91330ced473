/** For the contract of causes: frames that a link, or a fault of one, lost. */
import type { Failing } from './contract.ts';

/** Beside the verdicts of cables there are captures. */
export const CAPTURED_LOSSES: Failing = {
  title: 'captured losses',
  capture: true,
  yaml: `
lab: captured-losses
networks: { office: 10.91.NET.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.91.NET.10 } }
  alice: { networks: { office: 10.91.NET.21 } }
steps:
  - { fault: { drop: { nth: [3, 4, 5], of: "tcp alice > echo" }, as: gap } }
  - { name: a segment that comes again too late, at: alice, tcp: { to: "echo:9000", send: a }, expect: { receive: A, within: 50ms } }
  - { heal: gap }
  - { fault: { loss: 100%, on: [alice, echo], only: "tcp * > *", seed: 7, as: deaf } }
  - { name: a SYN that nobody repairs, at: alice, tcp: { to: "echo:9000", give_up: 300ms } }
  - { heal: deaf }
`,
  says: {
    'a segment that comes again too late':
      /^(segment left alice, and the cable of alice lost it|\d segments left alice, and the cable of alice lost them): step 1 \(drop of frame 3, 4, 5 on frames from alice\), frames? 3[ ,45]*; (the retransmission came|the bytes of \d of them came again, up to) [\d.]+ m?s later; /,
    'a SYN that nobody repairs':
      /^SYN left alice, and the cable of echo lost it: step 4 \(loss 100% on alice – echo, seed 7\), frame 1$/,
  },
};

export const IMPAIRED: Failing = {
  title: 'impaired links',
  yaml: `
lab: impaired
networks:
  office: 10.91.NET.0/24
  yard: { subnet: 10.91.NET2.0/24, link: { loss: 100% } }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.91.NET.10 } }
  bounce: { service: udp-echo, networks: { office: 10.91.NET.11 } }
  alice: { networks: { office: 10.91.NET.21, yard: 10.91.NET2.21 } }
  bob: { networks: { office: 10.91.NET.22, yard: 10.91.NET2.22 } }
steps:
  - { name: a link that loses the question for a MAC, at: alice, ping: { to: bob.yard, give_up: 1s } }
  - { at: alice, exec: "for one in 10 11 22; do ping -c1 -W5 10.91.NET.$one; done" }
  - { fault: { drop: { nth: 1, of: "udp alice > bounce" }, as: gap } }
  - { name: a datagram, at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { name: nobody who listens after a datagram that came, at: alice, udp: { to: "bounce:9999", send: a }, expect: { receive: A, within: 300ms } }
  - { heal: gap }
  - { fault: { drop: { nth: 1, of: "udp bounce > alice" }, as: gap } }
  - { name: an answer, at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { heal: gap }
  - { fault: { drop: { nth: [2, 4], of: "icmp alice > echo" }, on: { in: echo }, as: gap } }
  - { at: alice, ping: { to: bob.office, count: 2 }, expect: { fields: { loss: 0, min: "> 0", p99: "> 0" } } }
  - { name: some of the pings, at: alice, ping: { to: echo, count: 5 } }
  - { heal: gap }
  - { fault: { loss: 100%, on: [alice, echo], only: "tcp * > *", seed: 7, as: deaf } }
  - { name: a connection, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { name: another pair, at: bob, tcp: { to: "echo:9999" } }
  - { heal: deaf }
  - { fault: { drop: { nth: 1, of: "tcp alice > echo" }, as: gap } }
  - { name: nobody who listens behind a SYN that was sent again, at: alice, tcp: { to: "echo:9999" } }
  - { heal: gap }
  - { fault: { drop: { nth: 3, of: "tcp alice > echo" }, as: gap } }
  - { at: alice, tcp: { to: "echo:9000", send: a }, expect: { receive: A, fields: { retransmissions: ">= 1", rtt: "> 0" } } }
  - { heal: gap }
  - { fault: { mtu: 600, on: [alice, echo], as: narrow } }
  - { name: a path-MTU black hole, at: alice, tcp: { to: "echo:9000", send: { repeat: a, times: 5000 } }, expect: { receive: { bytes: 5000 }, within: 500ms } }
  - { name: what fits, at: alice, tcp: { to: "echo:9000", send: a }, expect: { receive: b, within: 300ms } }
  - { heal: narrow }
  - { fault: { corrupt: 100%, on: { from: alice, to: bounce }, only: "udp * > *", seed: 7, as: noisy } }
  - { name: a bit that was turned, at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { heal: noisy }
  - { fault: { duplicate: 100%, on: { from: bounce, to: alice }, only: "udp * > *", seed: 7, as: twice } }
  - { name: an answer that comes twice, at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A, for: 300ms } }
  - { at: alice, udp: { to: "bounce:9000", send: a, as: talk }, expect: { receive: A } }
  - { name: another answer than the second copy, at: alice, udp: { use: talk, send: b }, expect: { receive: B } }
  - { name: an answer in other words, at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: B } }
  - { heal: twice }
  - { at: alice, udp: { to: "bounce:9000", send: a, as: twin }, do: [{ send: a }], expect: { receive: A } }
  - { name: an answer that was asked for twice, at: alice, udp: { use: twin, send: b }, expect: { receive: B } }
  - { fault: { delay: 10s, on: [alice, bounce], as: far } }
  - { name: an answer that cannot have come yet, at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { heal: far }
  - { fault: { delay: 10s, on: [alice, bounce], only: "tcp * > *", as: far } }
  - { name: a delay for others, at: alice, udp: { to: "bounce:9999", send: a }, expect: { receive: A, within: 300ms } }
  - { heal: far }
`,
  says: {
    'a link that loses the question for a MAC':
      /^\d? ?ARP requests? left alice, and the cable of alice lost (it|them): the link of yard \(loss 100%\), frames? 1\b/,
    'a datagram':
      /^datagram left alice, and the cable of alice lost it: step 3 \(drop of frame 1 on frames from alice\), frame 1; /,
    'nobody who listens after a datagram that came': /^nothing on bounce is bound to udp 9999 /,
    'an answer':
      /^datagram left bounce, and the cable of bounce lost it: step 7 \(drop of frame 1 on frames from bounce\), frame 1; /,
    'some of the pings':
      /^2 echo requests left alice, and the cable of echo lost them: step 10 \(drop of frame 2, 4 on frames to echo\), frames 2, 4$/,
    'a connection':
      /^SYN left alice, and the cable of echo lost it: step 14 \(loss 100% on alice – echo, seed 7\), frame 1$/,
    'another pair': /^RST from echo: nothing listens on 9999 /,
    'nobody who listens behind a SYN that was sent again': /^RST from echo: nothing listens on 9999 /,
    'a path-MTU black hole':
      /segments? left alice, and 1500 bytes are more than the MTU of 600 on the cable of echo, which tells nobody \(a path-MTU black hole\): step 24 \(mtu 600 on alice – echo\), frames? /,
    'what fits': undefined,
    'an answer that cannot have come yet':
      /^an answer takes 20 s at least, by step 39 \(delay 10 s on alice – bounce\); /,
    'an answer that comes twice':
      /^this datagram came twice, and one copy had been read: the cable of alice doubled it, step 31 \(duplicate 100% on bounce > alice, seed 7\), frame 1; /,
    'another answer than the second copy':
      /^this datagram came twice, and one copy had been read: the cable of alice doubled it, step 31 \(duplicate 100% on bounce > alice, seed 7\), frame 2; /,
    'an answer in other words': undefined,
    'an answer that was asked for twice': undefined,
    'a delay for others': /^nothing on bounce is bound to udp 9999 /,
    'a bit that was turned':
      /^datagram left alice, and the cable of bounce turned a bit in it: step 28 \(corrupt 100% on alice > bounce, seed 7\), frame 1; /,
  },
};
