/**
 * The certificate authority (CA) of one lab (RFC 5280): it is made when the lab needs one, and signs certificates of hosts.
 * Its private key stays in the memory of this process.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { PlannedTls } from '../model/planned.ts';

/** RFC 5758 section 3.2: ECDSA with SHA-256. */
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
/** RFC 5280 appendix A.1. */
const COMMON_NAME = '2.5.4.3';
/** The most characters of a common name (RFC 5280 appendix A.1: ub-common-name). */
const LONGEST_NAME = 64;
const DAY = 24 * 3600 * 1000;
/** Days for which all its certificates hold. They begin a day ago, because the clocks of machines differ. */
const [BEFORE, AFTER] = [1, 365];

export interface Authority {
  /** Its own certificate, as PEM. */
  certificate: string;
  /** A certificate and its private key, as PEM. The first name is its subject. */
  issue(tls: PlannedTls): { certificate: string; key: string };
}

/** `now`: milliseconds since 1970. */
export function newAuthority(lab: string, now = Date.now()): Authority {
  const keys = newKeys();
  const issuer = { name: `lanlab ${lab} CA`, now, ...keys };
  const usage = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;
  const own = [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
    extension(id_ce_keyUsage, new KeyUsage(usage), true),
  ];
  return {
    certificate: signed(issuer, { name: issuer.name, publicKey: keys.publicKey }, own),
    issue: ({ names, addresses }) => {
      const { publicKey, privateKey } = newKeys();
      const certificate = signed(issuer, { name: names[0]!, publicKey }, [
        extension(id_ce_basicConstraints, new BasicConstraints(), true),
        extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
        extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
        extension(
          id_ce_subjectAltName,
          new SubjectAlternativeName([
            ...names.map((dNSName) => new GeneralName({ dNSName })),
            ...addresses.map((iPAddress) => new GeneralName({ iPAddress })),
          ]),
        ),
      ]);
      return { certificate, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
    },
  };
}

interface Keys {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function signed(
  issuer: Keys & { name: string; now: number },
  subject: { name: string; publicKey: KeyObject },
  own: Extension[],
): string {
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const authority = new AuthorityKeyIdentifier({
    keyIdentifier: new KeyIdentifier(identifier(issuer.publicKey)),
  });
  const toSign = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer: nameOf(issuer.name),
    validity: new Validity({
      notBefore: new Date(issuer.now - BEFORE * DAY),
      notAfter: new Date(issuer.now + AFTER * DAY),
    }),
    subject: nameOf(subject.name),
    subjectPublicKeyInfo: AsnConvert.parse(spki(subject.publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions([
      ...own,
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(identifier(subject.publicKey))),
      extension(id_ce_authorityKeyIdentifier, authority),
    ]),
  });
  const bytes = Buffer.from(AsnConvert.serialize(toSign));
  const certificate = new Certificate({
    tbsCertificate: toSign,
    signatureAlgorithm: algorithm,
    signatureValue: arrayOf(sign('sha256', bytes, issuer.privateKey)),
  });
  return pem(Buffer.from(AsnConvert.serialize(certificate)));
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** Positive, and not longer than 20 bytes (RFC 5280 section 4.1.2.2). */
function serialNumber(): ArrayBuffer {
  const number = randomBytes(16);
  number[0] = (number[0]! & 0x3f) | 0x40;
  return arrayOf(number);
}

function nameOf(text: string): Name {
  const value = new AttributeValue({ utf8String: text.slice(0, LONGEST_NAME) });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })])]);
}

/** RFC 7093 section 2, method 1: 160 bits of the SHA-256 of the key. */
function identifier(key: KeyObject): ArrayBuffer {
  const { subjectPublicKey } = AsnConvert.parse(spki(key), SubjectPublicKeyInfo);
  const hash = createHash('sha256').update(Buffer.from(subjectPublicKey)).digest();
  return arrayOf(hash.subarray(0, 20));
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function arrayOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
