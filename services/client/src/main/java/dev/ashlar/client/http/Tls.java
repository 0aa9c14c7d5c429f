package dev.ashlar.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.common.error.ErrorCode;

/** Connections over TLS: whom they believe, and what is told when they do not come about. */
public final class Tls {
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private Tls() {}

    /** Believes the certificates of this PEM file alone; one that cannot be used is {@code invalid_argument}. */
    public static SSLContext trusting(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new CertificateException("it holds no certificate");
            }
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                trusted.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (NoSuchFileException missing) {
            throw AshlarException.notSent(ErrorCode.INVALID_ARGUMENT, "the authority " + file + " is not there");
        } catch (IOException | GeneralSecurityException unusable) {
            throw AshlarException.notSent(
                    ErrorCode.INVALID_ARGUMENT, "the authority " + file + " cannot be used: " + unusable.getMessage());
        }
    }

    /** A client that believes whom it is told to, or the authorities of the system. */
    static HttpClient client(Optional<SSLContext> trust) {
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        trust.ifPresent(client::sslContext);
        return client.build();
    }

    /** Whether the certificate of the server is of an authority that is not believed. */
    static boolean untrusted(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        return failure instanceof SSLException && (text.contains("PKIX") || text.contains("certification path"));
    }

    /** What went wrong, with advice, when TLS has to do with it. */
    static Optional<String> reason(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        if (failure instanceof SSLException) {
            String advice = untrusted(failure)
                    ? ": its certificate is of an authority that is not believed"
                    : text.contains("plaintext") ? ": it does not speak TLS; name it http://" : ": " + text;
            return Optional.of("no TLS connection" + advice);
        }
        if (text.contains("received no bytes") || text.contains("Connection reset")) {
            return Optional.of("connection closed; a server that speaks TLS is named https://");
        }
        return Optional.empty();
    }
}
