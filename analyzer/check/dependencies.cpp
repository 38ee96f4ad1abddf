#include "check/dependencies.h"

#include "base/identifier.h"
#include "check/views.h"
#include "link/link_state.h"

#include <algorithm>

namespace pydefrag {

namespace {

struct Provider {
  const char *module;       // dotted, as imported
  const char *distribution; // as declared, lower case, `_` for `-` and `.`
};

} // namespace

// Distributions whose modules have another name. A module may have several providers.
static constexpr Provider kProviders[] = {
    {"Crypto", "pycryptodome"},
    {"Crypto", "pycrypto"},
    {"Cryptodome", "pycryptodomex"},
    {"Levenshtein", "python_levenshtein"},
    {"MySQLdb", "mysqlclient"},
    {"MySQLdb", "mysql_python"},
    {"OpenGL", "pyopengl"},
    {"OpenSSL", "pyopenssl"},
    {"PIL", "pillow"},
    {"PIL", "pillow_simd"},
    {"PyInstaller", "pyinstaller"},
    {"Xlib", "python_xlib"},
    {"_cffi_backend", "cffi"},
    {"_pytest", "pytest"},
    {"_yaml", "pyyaml"},
    {"absl", "absl_py"},
    {"apiclient", "google_api_python_client"},
    {"attr", "attrs"},
    {"babel", "babel"},
    {"bs4", "beautifulsoup4"},
    {"cairo", "pycairo"},
    {"community", "python_louvain"},
    {"cv2", "opencv_contrib_python"},
    {"cv2", "opencv_contrib_python_headless"},
    {"cv2", "opencv_python"},
    {"cv2", "opencv_python_headless"},
    {"dateutil", "python_dateutil"},
    {"debian", "python_debian"},
    {"decouple", "python_decouple"},
    {"discord", "discord_py"},
    {"dns", "dnspython"},
    {"docx", "python_docx"},
    {"dotenv", "python_dotenv"},
    {"environ", "django_environ"},
    {"faiss", "faiss_cpu"},
    {"faiss", "faiss_gpu"},
    {"fitz", "pymupdf"},
    {"flask_jwt", "flask_jwt_extended"},
    {"future", "future"},
    {"git", "gitpython"},
    {"gi", "pygobject"},
    {"github", "pygithub"},
    {"gitlab", "python_gitlab"},
    {"googleapiclient", "google_api_python_client"},
    {"grpc", "grpcio"},
    {"grpc_health", "grpcio_health_checking"},
    {"grpc_status", "grpcio_status"},
    {"grpc_tools", "grpcio_tools"},
    {"hamcrest", "pyhamcrest"},
    {"igraph", "python_igraph"},
    {"jose", "python_jose"},
    {"jwt", "pyjwt"},
    {"kafka", "kafka_python"},
    {"ldap", "python_ldap"},
    {"lsprotocol", "pygls"},
    {"magic", "python_magic"},
    {"markdown_it", "markdown_it_py"},
    {"memcache", "python_memcached"},
    {"mpl_toolkits", "matplotlib"},
    {"multipart", "python_multipart"},
    {"nacl", "pynacl"},
    {"odf", "odfpy"},
    {"pkg_resources", "setuptools"},
    {"pptx", "python_pptx"},
    {"psycopg2", "psycopg2_binary"},
    {"pwn", "pwntools"},
    {"pydantic_core", "pydantic"},
    {"pylab", "matplotlib"},
    {"pythoncom", "pywin32"},
    {"pywintypes", "pywin32"},
    {"rest_framework", "djangorestframework"},
    {"rest_framework_simplejwt", "djangorestframework_simplejwt"},
    {"ruamel", "ruamel_yaml"},
    {"sentence_transformers", "sentence_transformers"},
    {"serial", "pyserial"},
    {"sklearn", "scikit_learn"},
    {"skimage", "scikit_image"},
    {"slugify", "python_slugify"},
    {"slugify", "unicode_slugify"},
    {"snappy", "python_snappy"},
    {"socketio", "python_socketio"},
    {"sqlalchemy_utils", "sqlalchemy_utils"},
    {"starlette", "fastapi"},
    {"svn", "svn"},
    {"telegram", "python_telegram_bot"},
    {"tensorflow", "tensorflow_cpu"},
    {"tensorflow", "tensorflow_gpu"},
    {"tlz", "toolz"},
    {"tlz", "cytoolz"},
    {"usb", "pyusb"},
    {"websocket", "websocket_client"},
    {"win32api", "pywin32"},
    {"win32com", "pywin32"},
    {"win32con", "pywin32"},
    {"win32gui", "pywin32"},
    {"wx", "wxpython"},
    {"yaml", "pyyaml"},
    {"zmq", "pyzmq"},
    {"zope", "zope_interface"},
};

static const std::vector<std::string> &Declared(const Project &project) {
  return project.state->roots.dependencies;
}

static bool IsDeclared(const Project &project, llvm::StringRef name) {
  return std::binary_search(Declared(project).begin(), Declared(project).end(), name);
}

bool DeclaresAllDependencies(const Project &project) {
  return !Declared(project).empty() && !project.state->roots.more_dependencies;
}

// `google-cloud-storage` brings `google.cloud.storage`; `ruamel.yaml` brings `ruamel.yaml`.
static bool BringsBelow(llvm::StringRef distribution, llvm::StringRef top) {
  return distribution.consume_front(top) && distribution.starts_with("_");
}

static std::string Normalised(llvm::StringRef name) {
  std::string normalised = name.lower();
  std::replace(normalised.begin(), normalised.end(), '-', '_');
  return normalised;
}

bool DeclaresDistribution(const Project &project, llvm::StringRef name) {
  return IsDeclared(project, Normalised(name));
}

bool DependsOn(const Project &project, llvm::StringRef dotted) {
  const std::string normalised = Normalised(dotted.split('.').first);
  if (IsDeclared(project, normalised)) {
    return true;
  }
  for (const Provider &provider : kProviders) {
    if (IsWithin(dotted, provider.module) && IsDeclared(project, provider.distribution)) {
      return true;
    }
  }
  return llvm::any_of(Declared(project), [&](llvm::StringRef declared) {
    return BringsBelow(declared, normalised) || declared == "python_" + normalised ||
           declared == "py" + normalised || declared == normalised + "_python" ||
           declared == normalised + "_py";
  });
}

} // namespace pydefrag
