#include "link/strings/string_settings.h"

#include "llvm/ADT/StringMap.h"

#include <array>

namespace pydefrag {
namespace {

using enum TargetForm;

// Which strings of the value are meant.
enum class Shape : uint8_t {
  Text,       // the value itself, or the items when it is a list
  Keys,       // of a dict
  Fields,     // values of the dict key `field`, at any depth
  FieldItems, // items of lists that are values of `field`
  Logging,
  RestClasses, // Django REST framework: keys that end in _CLASS, _CLASSES and the like
};

struct Setting {
  llvm::StringLiteral name;
  TargetForm form;
  Shape shape = Shape::Text;
  llvm::StringLiteral field = "";
  bool distinct = false; // means the same in every module
};

constexpr std::array kSettings = {
    // Django: https://docs.djangoproject.com/en/stable/ref/settings/
    Setting{"INSTALLED_APPS", ModuleOrObject, Shape::Text, "", true},
    Setting{"MIDDLEWARE", Object, Shape::Text, "", true},
    Setting{"MIDDLEWARE_CLASSES", Object, Shape::Text, "", true},
    Setting{"AUTHENTICATION_BACKENDS", Object, Shape::Text, "", true},
    Setting{"PASSWORD_HASHERS", Object, Shape::Text, "", true},
    Setting{"DATABASE_ROUTERS", Object, Shape::Text, "", true},
    Setting{"STATICFILES_FINDERS", Object, Shape::Text, "", true},
    Setting{"AUTH_PASSWORD_VALIDATORS", Object, Shape::Fields, "NAME", true},
    Setting{"TEMPLATES", Object, Shape::Fields, "BACKEND"},
    Setting{"TEMPLATES", Object, Shape::FieldItems, "context_processors"},
    Setting{"TEMPLATES", Module, Shape::FieldItems, "builtins"},
    Setting{"STORAGES", Object, Shape::Fields, "BACKEND"},
    Setting{"CACHES", Object, Shape::Fields, "BACKEND"},
    Setting{"EMAIL_BACKEND", Object},
    Setting{"TEST_RUNNER", Object},
    Setting{"WSGI_APPLICATION", Object},
    Setting{"ASGI_APPLICATION", Object},
    Setting{"DEFAULT_AUTO_FIELD", Object},
    Setting{"FORM_RENDERER", Object},
    Setting{"CSRF_FAILURE_VIEW", Object},
    Setting{"DEFAULT_FILE_STORAGE", Object},
    Setting{"STATICFILES_STORAGE", Object},
    Setting{"ROOT_URLCONF", Module, Shape::Text, "", true},
    Setting{"SESSION_ENGINE", Module},
    Setting{"default_app_config", Object, Shape::Text, "", true},
    Setting{"REST_FRAMEWORK", Object, Shape::RestClasses, "", true},
    Setting{"LOGGING", Walk, Shape::Logging},
    Setting{"LOGGING_CONFIG", Walk, Shape::Logging},
    // Celery and Scrapy.
    Setting{"CELERY_IMPORTS", Module, Shape::Text, "", true},
    Setting{"CELERY_INCLUDE", Module, Shape::Text, "", true},
    Setting{"SPIDER_MODULES", Module, Shape::Text, "", true},
    Setting{"ITEM_PIPELINES", Object, Shape::Keys},
    Setting{"DOWNLOADER_MIDDLEWARES", Object, Shape::Keys},
    Setting{"SPIDER_MIDDLEWARES", Object, Shape::Keys},
    // pytest: in every module that it takes for a plugin.
    Setting{"pytest_plugins", Module},
};

const llvm::StringMap<llvm::ArrayRef<Setting>> &Settings() {
  static const llvm::StringMap<llvm::ArrayRef<Setting>> table = [] {
    llvm::StringMap<llvm::ArrayRef<Setting>> by_name;
    for (size_t begin = 0, end = 0; begin < kSettings.size(); begin = end) {
      for (end = begin; end < kSettings.size() && kSettings[end].name == kSettings[begin].name;
           ++end) {
      }
      by_name[kSettings[begin].name] = llvm::ArrayRef(kSettings.data() + begin, end - begin);
    }
    return by_name;
  }();
  return table;
}

class ValueReader {
public:
  ValueReader(const SyntaxView &view, uint32_t statement, llvm::StringLiteral context,
              std::vector<NamedString> &found)
      : view_(view), statement_(statement), context_(context), found_(found) {}

  // A string; the items of a list or tuple; both sides of `+`.
  void Texts(ExprId value, TargetForm form) {
    llvm::SmallVector<ExprId, 8> stack{value};
    while (!stack.empty()) {
      const ExprId at = stack.pop_back_val();
      if (!at.valid()) {
        continue;
      }
      const ExprKind kind = view_.At(at).kind;
      if (kind == ExprKind::String) {
        Add(at, form);
      } else if (kind == ExprKind::List || kind == ExprKind::Tuple || kind == ExprKind::Set ||
                 kind == ExprKind::Binary) {
        const llvm::SmallVector<ExprId, 8> children = view_.Children(at);
        stack.append(children.rbegin(), children.rend());
      }
    }
  }

  void Pairs(ExprId value, llvm::function_ref<void(llvm::StringRef, ExprId, ExprId)> visit) {
    view_.Walk(value, [&](ExprId id) {
      if (view_.Is(id, ExprKind::Pair)) {
        if (const auto key = view_.String(view_.Child(id))) {
          visit(*key, view_.Child(id), view_.Child(id, 1));
        }
      }
    });
  }

  void Add(ExprId value, TargetForm form) {
    if (view_.TextOf(value).contains('.') || form == TargetForm::Module ||
        form == TargetForm::ModuleOrObject) {
      NamedString string;
      string.statement = statement_;
      string.context = context_.data();
      string.form = form;
      string.value = value;
      found_.push_back(string);
    }
  }

private:
  const SyntaxView &view_;
  uint32_t statement_;
  llvm::StringLiteral context_;
  std::vector<NamedString> &found_;
};

bool IsRestClass(llvm::StringRef key) {
  return key.ends_with("_CLASS") || key.ends_with("_CLASSES") || key == "EXCEPTION_HANDLER";
}

} // namespace

bool MayBeSetting(llvm::StringRef name) {
  return Settings().contains(name);
}

bool MarksSettings(llvm::StringRef name) {
  return name == "INSTALLED_APPS" || name == "ROOT_URLCONF" || name == "SPIDER_MODULES" ||
         name == "MIDDLEWARE";
}

void ReadLoggingDict(const SyntaxView &view, ExprId value, uint32_t statement,
                     std::vector<NamedString> &found) {
  ValueReader reader(view, statement, "logging configuration", found);
  reader.Pairs(value, [&](llvm::StringRef key, ExprId, ExprId text) {
    if ((key == "class" || key == "()") && view.Is(text, ExprKind::String)) {
      reader.Add(text, TargetForm::Walk);
    }
  });
}

void ReadSetting(const SyntaxView &view, llvm::StringRef name, ExprId value, uint32_t statement,
                 SettingPlace place, std::vector<NamedString> &found) {
  for (const Setting &setting : Settings().lookup(name)) {
    if (!setting.distinct && place == SettingPlace::AnyModule && name != "pytest_plugins") {
      continue;
    }
    ValueReader reader(view, statement, setting.name, found);
    switch (setting.shape) {
    case Shape::Text:
      reader.Texts(value, setting.form);
      break;
    case Shape::Keys:
      reader.Pairs(value,
                   [&](llvm::StringRef, ExprId key, ExprId) { reader.Add(key, setting.form); });
      break;
    case Shape::Fields:
    case Shape::FieldItems:
      reader.Pairs(value, [&](llvm::StringRef key, ExprId, ExprId item) {
        if (key == setting.field) {
          reader.Texts(item, setting.form);
        }
      });
      break;
    case Shape::Logging:
      ReadLoggingDict(view, value, statement, found);
      break;
    case Shape::RestClasses:
      reader.Pairs(value, [&](llvm::StringRef key, ExprId, ExprId item) {
        if (IsRestClass(key)) {
          reader.Texts(item, setting.form);
        }
      });
      break;
    }
  }
}

} // namespace pydefrag
