// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The certificate that visitors are shown, wherever the server has it from.
 *
 * @param subject whom it names
 * @param issuer who vouches for that
 * @param selfSigned whether nobody else does
 * @param fingerprint SHA-256 in hexadecimal with colons, as browsers and openssl(1) show it
 * @param from Unix seconds since when it is good
 * @param until Unix seconds until when it is good
 * @param key kind and size of its key
 */
public record ServerCertificate(
    String subject,
    String issuer,
    boolean selfSigned,
    String fingerprint,
    long from,
    long until,
    String key) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Takes what is shown as it is: it is to be looked at, and nothing is said to that server. */
  private static final X509TrustManager ANY =
      new X509TrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
          return new X509Certificate[0];
        }
      };

  /**
   * Asks a server for it, as a visitor would.
   *
   * @throws IOException if it does not answer
   */
  public static ServerCertificate at(String address, int port) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {ANY}, null);
      try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
        socket.connect(new InetSocketAddress(address, port), (int) PATIENCE.toMillis());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.startHandshake();
        Certificate shown = socket.getSession().getPeerCertificates()[0];
        return of((X509Certificate) shown);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate cannot be read: " + e.getMessage(), e);
    }
  }

  private static ServerCertificate of(X509Certificate certificate) throws GeneralSecurityException {
    return new ServerCertificate(
        certificate.getSubjectX500Principal().getName(),
        certificate.getIssuerX500Principal().getName(),
        certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal()),
        HexFormat.ofDelimiter(":")
            .withUpperCase()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())),
        certificate.getNotBefore().toInstant().getEpochSecond(),
        certificate.getNotAfter().toInstant().getEpochSecond(),
        certificate.getPublicKey().getAlgorithm() + size(certificate));
  }

  private static String size(X509Certificate certificate) {
    return switch (certificate.getPublicKey()) {
      case RSAPublicKey rsa -> String.format(Locale.ROOT, " %d", rsa.getModulus().bitLength());
      case ECPublicKey ec ->
          String.format(Locale.ROOT, " %d", ec.getParams().getOrder().bitLength());
      default -> "";
    };
  }

  /** Whole days until it ends; negative once it has. */
  public long daysLeft(long now) {
    return Math.floorDiv(until - now, Duration.ofDays(1).toSeconds());
  }
}
