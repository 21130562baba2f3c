// Load KEY FILE...: whether Java reads a certificate in each file; a line for each, `ok` or the error.
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;

public class Load {
    public static void main(String[] args) throws Exception {
        for (int i = 1; i < args.length; i++) {
            try {
                var octets = new ByteArrayInputStream(Files.readAllBytes(Path.of(args[i])));
                var found = CertificateFactory.getInstance("X.509").generateCertificates(octets);
                System.out.println(found.isEmpty() ? "no certificate" : "ok");
            } catch (Exception error) {
                System.out.println(error.toString().replace("\n", " "));
            }
        }
    }
}
