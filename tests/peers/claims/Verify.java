// Verify CA PURPOSE HOST FILE: the verdict of Java's trust manager, as its TLS asks it, and of its host name
// check: "ok", or what it says. Runs with --add-exports java.base/sun.security.util=ALL-UNNAMED.
import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import sun.security.util.HostnameChecker;

class Verify {
    public static void main(String[] args) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (X509Certificate one : read(args[0])) {
                trusted.setCertificateEntry("ca" + trusted.size(), one);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trusted);
            X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
            X509Certificate[] chain = read(args[3]).toArray(new X509Certificate[0]);
            String kind = chain[0].getPublicKey().getAlgorithm();
            if (args[1].equals("server")) {
                manager.checkServerTrusted(chain, kind.equals("RSA") ? "ECDHE_RSA" : "ECDHE_ECDSA");
                HostnameChecker.getInstance(HostnameChecker.TYPE_TLS).match(args[2], chain[0]);
            } else {
                manager.checkClientTrusted(chain, kind);
            }
            System.out.println("ok");
        } catch (Exception error) {
            Throwable cause = error;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            System.out.println((error + (cause == error ? "" : ": " + cause)).replace('\n', ' '));
        }
    }

    private static List<X509Certificate> read(String file) throws Exception {
        List<X509Certificate> all = new ArrayList<>();
        try (FileInputStream stream = new FileInputStream(file)) {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(stream)) {
                all.add((X509Certificate) one);
            }
        }
        return all;
    }
}
