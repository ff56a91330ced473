/** Where the certificates of a lab lie on its hosts, and the variables by which programs find them. */

/** Files of a host that lanlab makes: the certificate of the lab's CA, and the host's own certificate with its private key. */
export const TLS_FILES = {
  ca: '/etc/lanlab/tls/ca.pem',
  certificate: '/etc/lanlab/tls/cert.pem',
  key: '/etc/lanlab/tls/key.pem',
} as const;
export type TlsFile = keyof typeof TLS_FILES;

/** Each makes programs trust the lab's CA: OpenSSL (Python and Go, too), Node, curl, and Python's requests. */
export const TRUST: Readonly<Record<string, string>> = {
  SSL_CERT_FILE: TLS_FILES.ca,
  NODE_EXTRA_CA_CERTS: TLS_FILES.ca,
  CURL_CA_BUNDLE: TLS_FILES.ca,
  REQUESTS_CA_BUNDLE: TLS_FILES.ca,
};

/** By these the program of a host finds the host's own certificate. */
export const OWN: Readonly<Record<string, string>> = {
  TLS_CERT: TLS_FILES.certificate,
  TLS_KEY: TLS_FILES.key,
};
